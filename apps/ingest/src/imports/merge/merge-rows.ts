import { isAboutData } from '../load/copy-rows.js';
import { run } from '../staging/sql.js';
import { addRows } from './add-rows.js';
import { mergeByHalves } from './merge-by-halves.js';
import type { Merged, MergeJob } from './merge-job.js';
import { createWinners, updateRows } from './update-rows.js';

/**
 * Takes rows that were set aside over into the dataset, all with a few statements. Must run in a transaction with the
 * settings of an import.
 *
 * Which of several rows counts, goes by the order of the file:
 *
 * - `update`: the last row with a key counts, the others are skipped. A row that would change nothing is left alone.
 * - `skip` and `reject`: rows come one after the other, and one that meets another in a key, in the dataset or before
 *   it in the file, is skipped or rejected.
 *
 * Whatever else the database has against a row (another key, a rule that somebody added with SQL) makes the rows be tried
 * by halves, in the order of the file, until those that it refuses are found. So the outcome is a function of the
 * dataset and the file, and never a failure.
 */
export async function mergeRows(job: MergeJob): Promise<Merged> {
  const { tx } = job;
  if (job.onMeeting === 'update') await createWinners(job);
  await run(tx, 'savepoint merge_rows');
  try {
    const merged = await (job.onMeeting === 'update' ? updateRows(job) : addRows(job));
    await run(tx, 'release savepoint merge_rows');
    return merged;
  } catch (error) {
    if (!isAboutData(error)) throw error;
    await run(tx, 'rollback to savepoint merge_rows');
    return mergeByHalves(job);
  }
}
