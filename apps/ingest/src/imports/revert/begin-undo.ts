import type { EntityManager } from 'typeorm';
import { tableOf } from '../../datasets/table-of.js';
import type { ImportRun, UndoState } from '../import-run.entity.js';
import { run as query } from '../staging/sql.js';
import { findDataset } from './find-dataset.js';

/**
 * Begins to take the rows of an import back out of its dataset; the caller saves the import and sends RevertRows.
 *
 * Rows that the import has created are removed first, then those that it has changed are put back: what they were may
 * be what a created row is.
 */
export async function beginUndo(
  tx: EntityManager,
  run: ImportRun,
  purpose: UndoState['purpose'],
): Promise<void> {
  const nothing = { purpose, removed: 0, restored: 0, kept: 0 };
  run.state = 'reverting';
  const dataset = await findDataset(tx, run);
  if (run.plan?.sink === 'replace' || !dataset) {
    run.undo = { ...nothing, step: 'swap', after: 0, until: 0, total: 0 };
    return;
  }
  const { rows } = await query<Record<'first' | 'last' | 'total', string | null>>(
    tx,
    `select min("_id") as first, max("_id") as last, count(*) as total
       from ${tableOf(dataset.tableName)} where "_import_id" = $1`,
    [run.importId],
  );
  const [found] = rows;
  const { base, span } = run.merge ?? { base: Infinity, span: 0 };
  const first = found?.first ? Number(found.first) : Infinity;
  const last = found?.last ? Number(found.last) : 0;
  const after = Math.min(base, first - 1);
  run.undo = {
    ...nothing,
    step: 'created',
    after: Number.isFinite(after) ? after : 0,
    until: Math.max(span > 0 ? base + span : 0, last),
    total: Number(found?.total),
  };
}
