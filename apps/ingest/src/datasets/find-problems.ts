import { checkColumns, type DatasetProblem, type DatasetShape } from '@offload/formats';
import { describeError } from '@offload/platform';
import type { EntityManager } from 'typeorm';

/**
 * Tells everything that is wrong with the declaration of a dataset, or of what is to be added to one, before
 * any table is made. Must run in a transaction, which it leaves as it was.
 */
export async function findProblems(
  tx: EntityManager,
  shape: DatasetShape,
  known?: DatasetShape,
): Promise<DatasetProblem[]> {
  const problems = checkColumns(shape, known);
  const isTold = (index: number): boolean =>
    problems.some(({ path: [, at, rule] }) => at === index && rule === 'pattern');
  for (const [index, { name, pattern }] of shape.columns.entries()) {
    if (pattern === undefined || isTold(index)) continue;
    const complaint = await complaintAbout(tx, pattern);
    if (!complaint) continue;
    const message = `The pattern of “${name}” is not a regular expression of PostgreSQL: ${complaint}.`;
    problems.push({ code: 'invalid_pattern', path: ['columns', index, 'pattern'], message });
  }
  return problems;
}

/** A pattern that takes longer to be understood is not one that a million rows could be compared with. */
const longestMs = 1000;

/**
 * Only PostgreSQL knows its regular expressions. The savepoint keeps its error, and the limit, from the rest of the
 * transaction.
 */
async function complaintAbout(tx: EntityManager, pattern: string): Promise<string | undefined> {
  await tx.query('savepoint try_pattern');
  try {
    await tx.query(`set local statement_timeout = ${longestMs}`);
    await tx.query(`select '' ~ $1`, [pattern]);
    return undefined;
  } catch (error) {
    const { code, message } = describeError(error);
    if (code === TOO_SLOW) return 'it is too complex';
    if (code !== INVALID_PATTERN) throw error;
    return message.replace(/^invalid regular expression: /, '');
  } finally {
    await tx.query('rollback to savepoint try_pattern');
  }
}

/** SQLSTATE "query_canceled". */
const TOO_SLOW = '57014';
/** SQLSTATE "invalid_regular_expression". */
const INVALID_PATTERN = '2201B';
