import type { FieldError } from '@offload/contracts/http';
import { checkColumns, type DatasetProblem, type DatasetShape } from '@offload/formats';
import { describeError } from '@offload/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { bodyPointer, ValidationFailed } from '../http/validate.js';

/**
 * Refuses a declaration that ingest would refuse, with everything that is wrong and where: a person who writes one
 * learns it at once. Throws ValidationFailed.
 *
 * `patternErrors` are those of `findPatternErrors`, which asks the database and is called outside of transactions.
 */
export function checkDeclaration(
  shape: DatasetShape,
  known: DatasetShape | undefined,
  patternErrors: readonly FieldError[],
): void {
  const errors = [...checkColumns(shape, known).map(toFieldError), ...patternErrors];
  if (errors.length > 0) throw new ValidationFailed(errors);
}

/** Tells which patterns are not regular expressions of PostgreSQL; only it knows. */
export async function findPatternErrors(
  dataSource: DataSource,
  columns: DatasetShape['columns'],
): Promise<FieldError[]> {
  if (columns.every(({ pattern }) => pattern === undefined)) return [];
  return dataSource.transaction(async (tx) => {
    const errors: FieldError[] = [];
    await tx.query(`set local statement_timeout = ${longestMs}`);
    for (const [index, { name, pattern }] of columns.entries()) {
      const complaint = pattern === undefined ? undefined : await complaintAbout(tx, pattern);
      if (complaint === undefined) continue;
      const detail = `The pattern of “${name}” is not a regular expression of PostgreSQL: ${complaint}.`;
      const pointer = bodyPointer(['columns', index, 'pattern']);
      errors.push({ pointer, code: 'invalid_pattern', detail });
      // Several of these would keep the database busy for nothing.
      if (complaint === tooComplex) break;
    }
    return errors;
  });
}

/** A pattern that takes longer to be understood is not one that a million rows could be compared with. */
const longestMs = 1000;

async function complaintAbout(tx: EntityManager, pattern: string): Promise<string | undefined> {
  await tx.query('savepoint try_pattern');
  try {
    await tx.query(`select '' ~ $1`, [pattern]);
    return undefined;
  } catch (error) {
    const { code, message } = describeError(error);
    // SQLSTATE "query_canceled" and "invalid_regular_expression".
    if (code === '57014') return tooComplex;
    if (code !== '2201B') throw error;
    return message.replace(/^invalid regular expression: /, '');
  } finally {
    await tx.query('rollback to savepoint try_pattern');
  }
}

const tooComplex = 'it is too complex';

function toFieldError({ code, path, message }: DatasetProblem): FieldError {
  return { pointer: bodyPointer(path), code, detail: message };
}
