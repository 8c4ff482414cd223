import { checkColumns, type DatasetProblem, type DatasetShape } from '@offload/formats';
import { DatabaseError } from 'pg';
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

/** Only PostgreSQL knows its regular expressions; the savepoint keeps its error from the transaction. */
async function complaintAbout(tx: EntityManager, pattern: string): Promise<string | undefined> {
  await tx.query('savepoint try_pattern');
  try {
    await tx.query(`select '' ~ $1`, [pattern]);
    await tx.query('release savepoint try_pattern');
    return undefined;
  } catch (error) {
    if (!isInvalidPattern(error)) throw error;
    await tx.query('rollback to savepoint try_pattern');
    return error.message.replace(/^invalid regular expression: /, '');
  }
}

/** SQLSTATE "invalid_regular_expression". TypeORM hands the driver's error on inside its own. */
function isInvalidPattern(error: unknown): error is Error {
  const cause = error instanceof Error && 'driverError' in error ? error.driverError : error;
  return cause instanceof DatabaseError && cause.code === '2201B';
}
