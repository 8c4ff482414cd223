import type { FieldError } from '@offload/contracts/http';
import { checkColumns, type DatasetProblem, type DatasetShape } from '@offload/formats';
import { describeError } from '@offload/platform';
import type { DataSource } from 'typeorm';
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
  const errors: FieldError[] = [];
  for (const [index, { name, pattern }] of columns.entries()) {
    if (pattern === undefined) continue;
    const complaint = await complaintAbout(dataSource, pattern);
    if (!complaint) continue;
    const detail = `The pattern of “${name}” is not a regular expression of PostgreSQL: ${complaint}.`;
    errors.push({
      pointer: bodyPointer(['columns', index, 'pattern']),
      code: 'invalid_pattern',
      detail,
    });
  }
  return errors;
}

async function complaintAbout(
  dataSource: DataSource,
  pattern: string,
): Promise<string | undefined> {
  try {
    await dataSource.query(`select '' ~ $1`, [pattern]);
    return undefined;
  } catch (error) {
    const { code, message } = describeError(error);
    // SQLSTATE "invalid_regular_expression".
    if (code !== '2201B') throw error;
    return message.replace(/^invalid regular expression: /, '');
  }
}

function toFieldError({ code, path, message }: DatasetProblem): FieldError {
  return { pointer: bodyPointer(path), code, detail: message };
}
