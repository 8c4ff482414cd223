import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import type { Refusal } from '../actions/refuse-action.js';
import type { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';
import { ledgerTotals } from '../progress/import-ledger.js';
import { findReplaced, isReplacedSince, type ReplacedTable } from '../replace/replaced-table.js';
import { stagingExists } from '../staging/staging-table.js';
import { findDataset } from './find-dataset.js';

/** What a revert needs. */
export interface Revertible {
  dataset: Dataset;
  /** The rows that an import has replaced; null in other modes. */
  replaced: ReplacedTable | null;
}

/** Finds what is needed to undo an import, or tells why it cannot be undone. */
export async function checkRevert(
  tx: EntityManager,
  run: ImportRun,
): Promise<Revertible | { refusal: Refusal }> {
  if (run.options.dryRun) {
    return refused('nothing_stored', 'It was a dry run: nothing of it is in the dataset.');
  }
  const dataset = await findDataset(tx, run);
  if (!dataset) return refused('dataset_not_found', `There is no dataset “${run.datasetName}”.`);
  if (run.resolved.sink !== 'replace') {
    const { merge, fixes } = await ledgerTotals(tx, run.importId);
    const needsBefore = merge.updated + fixes.updated > 0;
    if (needsBefore && !(await stagingExists(tx, 'before', run.importId))) return tooLate;
    return { dataset, replaced: null };
  }
  const replaced = await findReplaced(tx, run.importId);
  if (!replaced) return tooLate;
  if (replaced.holds === 'after') {
    return refused('already_restored', 'The dataset has its former rows again already.');
  }
  const { columns, keys } = replaced;
  const isSame = isDeepStrictEqual(
    { columns, keys },
    { columns: dataset.columns, keys: dataset.keys },
  );
  if (!isSame) {
    const message =
      'Columns or keys were added to the dataset since. Restore the dataset to have its former rows and columns again.';
    return refused('dataset_changed', message);
  }
  if (await isReplacedSince(tx, run)) {
    return refused('replaced_since', 'Another import has replaced the rows of this one since.');
  }
  return { dataset, replaced };
}

function refused(code: string, message: string): { refusal: Refusal } {
  return { refusal: { code, message } };
}

const tooLate = refused(
  'too_late',
  'What the rows were before this import was removed when its time was over.',
);
