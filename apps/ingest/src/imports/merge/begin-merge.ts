import { MergeRows, type Outgoing } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { tableOf } from '../../datasets/table-of.js';
import { columnsOf } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { isAllOrNothing } from '../progress/judge-limit.js';
import { listMissingParts, planParts } from '../progress/merge-ledger.js';
import { columnsIn, run as query } from '../staging/sql.js';
import { meetingKeys, stagingTable } from '../staging/staging-table.js';
import { reserveIds } from './reserve-ids.js';
import { partOf, splitParts } from './split-parts.js';

/**
 * Begins to take rows that were set aside over into the dataset, or to try it out: divides them into parts, and answers
 * the messages that have them merged. Must run when all rows are there and it is the import's turn.
 *
 * `dataset` is null in a trial for one that does not exist; each part of the trial makes it and takes it back.
 */
export async function beginMerge(
  tx: EntityManager,
  run: ImportRun,
  dataset: Dataset | null,
): Promise<Outgoing[]> {
  const isTrial = run.state === 'counting';
  const span = await lastRow(tx, run);
  if (run.resolved.sink === 'replace') {
    await planParts(tx, run.importId, replaceParts(await countRows(tx, run), isTrial));
    run.merge = { by: 'none', count: 1, base: run.resolved.dataset.lastId, span, isPaused: false };
    return [MergeRows({ importId: run.importId, part: 0 })];
  }
  const parts = splitParts(await countRows(tx, run), {
    keys: meetingKeys(run.resolved).length,
    isAtomic: isAllOrNothing(run.options),
  });
  await planParts(tx, run.importId, await countParts(tx, run, partOf(parts, span)));
  // Ids that are never given to a row of the dataset: a trial is taken back.
  const base = isTrial || !dataset ? trialBase : await reserveIds(tx, dataset.tableName, span);
  run.merge = { ...parts, base, span, isPaused: false };
  if (!isTrial && dataset && run.resolved.key) await createBefore(tx, run, dataset);
  return sendParts(tx, run);
}

/** The messages that have the parts merged which are not yet. A table is made ready before it is swapped in. */
export async function sendParts(tx: EntityManager, run: ImportRun): Promise<Outgoing[]> {
  const missing = await listMissingParts(tx, run.importId);
  const next = run.resolved.sink === 'replace' ? missing.slice(0, 1) : missing;
  return next.map((part) => MergeRows({ importId: run.importId, part }));
}

const trialBase = -(2 ** 52);

function replaceParts(rows: number, isTrial: boolean): { part: number; rows: number }[] {
  return [{ part: 0, rows }, ...(isTrial ? [] : [{ part: 1, rows: 0 }])];
}

/** The number of the file's last row. */
async function lastRow(tx: EntityManager, { importId }: ImportRun): Promise<number> {
  const slices: { last: string }[] = await tx.query(
    'select coalesce(max(first_row + rows - 1), 0) as last from import_slice where import_id = $1',
    [importId],
  );
  return Number(slices[0]?.last);
}

async function countRows(tx: EntityManager, { importId }: ImportRun): Promise<number> {
  const rows: { rows: string }[] = await tx.query(
    'select coalesce(sum(rows_loaded), 0) as rows from import_chunk where import_id = $1',
    [importId],
  );
  return Number(rows[0]?.rows);
}

async function countParts(
  tx: EntityManager,
  { importId }: ImportRun,
  partOfRow: string,
): Promise<{ part: number; rows: number }[]> {
  const table = stagingTable('rows', importId);
  await query(tx, `analyze ${table}`);
  const { rows } = await query<{ part: string; rows: string }>(
    tx,
    `select ${partOfRow} as part, count(*) as rows from ${table} s group by 1 order by 1`,
  );
  return rows.map(({ part, rows: count }) => ({ part: Number(part), rows: Number(count) }));
}

/** Makes the table that keeps what rows were before they are updated. */
export async function createBefore(
  tx: EntityManager,
  run: ImportRun,
  dataset: Dataset,
): Promise<void> {
  const before = stagingTable('before', run.importId);
  const names = columnsOf(run.resolved).map(({ name }) => name);
  await query(tx, `drop table if exists ${before}`);
  await query(
    tx,
    `create table ${before} as
     select d."_id", d."_import_id", d."_edited_at", ${columnsIn('d', names)}
       from ${tableOf(dataset.tableName)} d with no data`,
  );
  await query(tx, `alter table ${before} add primary key ("_id")`);
}
