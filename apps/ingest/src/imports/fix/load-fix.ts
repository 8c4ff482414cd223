import type { CsvRecord } from '@offload/formats';
import { note } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { RowsMerged } from '../count/import-facts.js';
import { columnsOf } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { copyRecords } from '../load/copy-records.js';
import type { CopyTarget } from '../load/copy-target.js';
import { type Loser, mergeJob } from '../merge/merge-job.js';
import { mergeRows } from '../merge/merge-rows.js';
import { openTarget } from '../merge/open-target.js';
import { reserveIds } from '../merge/reserve-ids.js';
import { describe } from '../merge/reread-rows.js';
import { storeRejected } from '../progress/rejected-rows.js';
import { run as query } from '../staging/sql.js';
import { createRows, stagingExists, stagingTable } from '../staging/staging-table.js';
import { createBefore } from '../merge/begin-merge.js';
import type { FixFile } from './fix-file.js';
import { asRecord, type FixColumns, isCorrection, rowOf } from './match-fix.js';

export interface Fix {
  fixId: string;
  list: FixFile;
  columns: FixColumns;
}

/**
 * Stores corrected rows as rows of their import: read by its plan, set aside, and merged by its rules, as if they came
 * behind all others of the file. Those that are still bad stay rejected, with the reason that they have now.
 *
 * Must run in a transaction with the settings of an import that has its turn.
 */
export async function loadFix(
  tx: EntityManager,
  run: ImportRun,
  { fixId, list, columns }: Fix,
): Promise<void> {
  const plan = run.resolved;
  const target: CopyTarget = {
    table: '"pg_temp"."fixing"',
    columns: columnsOf(plan),
    number: { column: '_row', base: 0 },
  };
  await query(tx, `${createRows('create temporary table fixing', plan)} on commit drop`);
  for await (const records of list.records()) {
    const rows = records
      .filter((record) => isCorrection(record, columns))
      .map((record) => asFixed(record, list, columns));
    const { rejected } = await copyRecords({ tx, plan, target, records: rows });
    await storeRejected(tx, run.importId, rejected);
  }
  await mergeFix(tx, run, { fixId, list, columns });
}

function asFixed(record: CsvRecord, list: FixFile, columns: FixColumns): CsvRecord {
  return asRecord(record, rowOf(record, columns) ?? 0, columns, list.columns.length);
}

async function mergeFix(
  tx: EntityManager,
  run: ImportRun,
  { fixId, list, columns }: Fix,
): Promise<void> {
  const { importId, options, resolved: plan } = run;
  const { rows } = await query<Record<'rows' | 'last', string>>(
    tx,
    'select count(*) as rows, coalesce(max("_row"), 0) as last from pg_temp.fixing',
  );
  const count = Number(rows[0]?.rows);
  const span = Number(rows[0]?.last);
  const dataset = await openTarget(tx, run);
  if (plan.key && !(await stagingExists(tx, 'before', importId))) {
    await createBefore(tx, run, dataset);
  }
  const { counts, losers } = await mergeRows(
    mergeJob({ plan, options }, dataset, {
      tx,
      importId,
      source: '"pg_temp"."fixing"',
      part: 'true',
      rows: count,
      base: await reserveIds(tx, dataset.tableName, span),
      span,
      before: plan.key ? stagingTable('before', importId) : null,
    }),
  );
  await tellLosers(tx, run, losers, { list, columns });
  await query(
    tx,
    `delete from reports.rejected_row r using pg_temp.fixing s
      where r.import_id = $1 and r."row" = s."_row" and s."_row" <> all ($2::bigint[])`,
    [importId, losers.map(({ row }) => row)],
  );
  await tx.query(
    `insert into import_fix (import_id, fix_id, fixed, created, updated, unchanged, skipped)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      importId,
      fixId,
      count - losers.length,
      counts.created,
      counts.updated,
      counts.unchanged,
      counts.skipped,
    ],
  );
  note(tx, new RowsMerged({ ...counts, rejected: 0 }));
}

async function tellLosers(
  tx: EntityManager,
  run: ImportRun,
  losers: readonly Loser[],
  { list, columns }: Pick<Fix, 'list' | 'columns'>,
): Promise<void> {
  if (losers.length === 0) return;
  const byRow = new Map(losers.map((loser) => [loser.row, loser]));
  for await (const records of list.records()) {
    const rejected = records.flatMap((record) => {
      const fixed = asFixed(record, list, columns);
      const loser = byRow.get(fixed.row);
      return loser ? [describe(fixed, loser, run)] : [];
    });
    await storeRejected(tx, run.importId, rejected);
  }
}
