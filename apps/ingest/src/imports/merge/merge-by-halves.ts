import type { DatabaseError } from 'pg';
import { explainViolation } from '../../datasets/explain-violation.js';
import { columnsOf } from '../import-plan.js';
import { isAboutData } from '../load/copy-rows.js';
import { noCounts, type RowCounts } from '../progress/import-ledger.js';
import { run } from '../staging/sql.js';
import { addRows } from './add-rows.js';
import type { Loser, Merged, MergeJob } from './merge-job.js';
import { DatasetChangedMeanwhile } from './merge.errors.js';
import { updateRows, winners } from './update-rows.js';

/**
 * Merges rows some of which the database refuses: where it refuses some of them together, each half is tried by itself,
 * the first half first, down to the single rows that it refuses.
 */
export async function mergeByHalves(job: MergeJob): Promise<Merged> {
  const { tx } = job;
  const isUpdate = job.onMeeting === 'update';
  if (!isUpdate) {
    await run(
      tx,
      `create temporary table merging on commit drop as
       select s.* from ${job.source} s where ${job.part}`,
    );
  }
  await run(tx, `create unique index on ${winners} ("_row")`);
  const { rows } = await run<Record<'first' | 'last' | 'total', string>>(
    tx,
    `select min("_row") as first, max("_row") as last, count(*) as total from ${winners}`,
  );
  const [found] = rows;
  const skipped = isUpdate ? job.rows - Number(found?.total) : 0;
  let counts: RowCounts = { ...noCounts, skipped };
  const losers: Loser[] = [];
  const waiting = [{ from: Number(found?.first), to: Number(found?.last) }];
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    const merged = await attempt(job, range);
    if (!('refused' in merged)) {
      counts = add(counts, merged.counts);
      losers.push(...merged.losers);
    } else if (range.from === range.to) {
      losers.push(await loserOf(job, range.from, merged.refused));
    } else {
      const middle = Math.floor((range.from + range.to) / 2);
      waiting.push({ from: middle + 1, to: range.to }, { from: range.from, to: middle });
    }
  }
  return { counts, losers };
}

interface Range {
  from: number;
  to: number;
}

async function attempt(job: MergeJob, range: Range): Promise<Merged | { refused: DatabaseError }> {
  const { tx } = job;
  await run(tx, 'savepoint merge_range');
  try {
    const merged =
      job.onMeeting === 'update' ? await updateRows(job, range) : await addRange(job, range);
    await run(tx, 'release savepoint merge_range');
    return merged;
  } catch (error) {
    if (!isAboutData(error)) throw error;
    await run(tx, 'rollback to savepoint merge_range');
    return { refused: error };
  }
}

async function addRange(job: MergeJob, { from, to }: Range): Promise<Merged> {
  const part = `s."_row" between ${from} and ${to}`;
  const { rows } = await run<{ total: string }>(
    job.tx,
    `select count(*) as total from ${winners} s where ${part}`,
  );
  return addRows({ ...job, source: winners, part, rows: Number(rows[0]?.total) });
}

function add(one: RowCounts, other: RowCounts): RowCounts {
  return {
    created: one.created + other.created,
    updated: one.updated + other.updated,
    unchanged: one.unchanged + other.unchanged,
    skipped: one.skipped + other.skipped,
  };
}

/** A row that meets another in the very key that it is merged by was added by somebody else a moment ago. */
async function loserOf(job: MergeJob, row: number, error: DatabaseError): Promise<Loser> {
  const { plan, key, onMeeting } = job;
  const { columns, keys } = plan.dataset;
  const violation = explainViolation(error, [...columnsOf(plan), ...columns], keys);
  const isOwnKey = violation?.code === 'not_unique' && violation.column === key?.[0];
  if (isOwnKey && onMeeting === 'update' && keys.length === 1) throw new DatasetChangedMeanwhile();
  return {
    row,
    code: violation?.code ?? 'refused_by_database',
    column: violation?.column ?? null,
    value: null,
    message: violation?.message ?? `The database refused this row: ${error.message}.`,
  };
}
