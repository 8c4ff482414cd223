import { ImportReverted, type Outgoing, ReportProgress, RevertImport } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { refuseAction, refuseInState, refuseUnknown } from '../actions/refuse-action.js';
import { tellResumed } from '../actions/resume-import.js';
import type { ImportRun } from '../import-run.entity.js';
import { ledgerTotals } from '../progress/import-ledger.js';
import { importTotals } from '../progress/import-totals.js';
import { findRun } from '../progress/lock-run.js';
import { withBulkStatements } from '../staging/import-settings.js';
import { checkRevert, type Revertible } from './check-revert.js';
import { countUndo, type UndoCounts } from './count-undo.js';
import { countRestore } from './restore-table.js';
import { undoTables } from './undo-sql.js';

/**
 * Begins to undo a finished import, or tells what that would do. Rows that somebody else has changed since stay as they
 * are, and are listed.
 */
@Handles(RevertImport, { queue: 'ingest.revert-import', prefetch: 2 })
export class RevertImportHandler implements MessageHandler<typeof RevertImport> {
  async handle({ importId, dryRun }: RevertImport, { tx }: HandlerContext): Promise<Outgoing[]> {
    const run = await findRun(tx, importId);
    if (!run || run.file === null) return [refuseUnknown(importId, 'revert')];
    if (!isFinished(run)) return [refuseInState(run, 'revert')];
    const checked = await checkRevert(tx, run);
    if ('refusal' in checked) return [refuseAction(importId, 'revert', checked.refusal)];

    await tx.query('delete from reports.kept_row where import_id = $1', [importId]);
    const now = new Date();
    if (dryRun) {
      const counts = await withBulkStatements(tx, () => countFor(tx, run, checked));
      return [await tellTrial(tx, run, counts, now)];
    }
    run.goOn('reverting');
    run.undo = null;
    return [await tellResumed(tx, run, 'revert', now), ReportProgress({ importId })];
  }
}

/** One that was canceled may have left rows. */
function isFinished({ state, stop }: ImportRun): boolean {
  return state === 'completed' || (state === 'canceled' && stop?.keepsRows === true);
}

async function countFor(
  tx: EntityManager,
  run: ImportRun,
  { dataset, replaced }: Revertible,
): Promise<UndoCounts> {
  return replaced
    ? countRestore(tx, run, dataset, replaced)
    : countUndo(tx, await undoTables(tx, run, dataset));
}

async function tellTrial(
  tx: EntityManager,
  run: ImportRun,
  { removed, restored, kept }: UndoCounts,
  now: Date,
): Promise<Outgoing> {
  const totals = importTotals(run, await ledgerTotals(tx, run.importId));
  const sequence = run.nextSequence(now);
  await tx.save(run);
  return ImportReverted({
    importId: run.importId,
    dryRun: true,
    rowsRemoved: removed,
    rowsRestored: restored,
    rowsKept: kept,
    totals,
    sequence,
    revertedAt: now.toISOString(),
  });
}
