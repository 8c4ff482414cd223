import type { ColumnType, DatasetColumn, DatasetKey } from '@offload/contracts';
import type { DatabaseError } from 'pg';
import { findKey, findRule } from './constraint-names.js';
import { explainRule, type RuleCode } from './explain-rule.js';

/**
 * Says in our words why PostgreSQL refused a row, with the same codes as if we had found it ourselves.
 *
 * `keys` are those of the dataset, `columns` at least those that were written. Answers undefined for an error
 * that is not about the values of a row.
 */
export function explainViolation(
  error: DatabaseError,
  columns: readonly DatasetColumn[],
  keys: readonly DatasetKey[],
): Violation | undefined {
  const { code = '', column, constraint = '' } = error;
  if (code === '23502') return column === undefined ? undefined : required(column);
  if (code === '23514') return brokenRule(constraint, columns);
  if (code === '23505') return notUnique(constraint, keys);
  if (code === '54000' || code === '54001') return tooLarge(error, columns, keys);
  return code.startsWith('22') ? notAValue(error, columns) : undefined;
}

export interface Violation {
  code:
    | 'required'
    | RuleCode
    | 'not_unique'
    | 'too_large'
    | 'not_a_value'
    | 'out_of_range'
    | 'nul_byte';
  /** The column of the dataset, the first one of a key; null when PostgreSQL does not say which. */
  column: string | null;
  /** A sentence for people. */
  message: string;
}

function required(column: string): Violation {
  return { code: 'required', column, message: `“${column}” must not be empty.` };
}

function brokenRule(constraint: string, columns: readonly DatasetColumn[]): Violation | undefined {
  const found = findRule(constraint, columns);
  if (!found) return undefined;
  const { column, rule } = found;
  return { ...explainRule(column, rule), column: column.name };
}

function notUnique(constraint: string, keys: readonly DatasetKey[]): Violation | undefined {
  const key = findKey(constraint, keys);
  const [first] = key ?? [];
  if (!key || first === undefined) return undefined;
  const message = `Another row has the same ${named(key)}, which must be different in every row.`;
  return { code: 'not_unique', column: first, message };
}

/**
 * "Program limit exceeded": a key's value is longer than an index takes, a row wider than a page, JSON deeper than
 * the parser goes. PostgreSQL names the index only for some of them.
 */
function tooLarge(
  error: DatabaseError,
  columns: readonly DatasetColumn[],
  keys: readonly DatasetKey[],
): Violation {
  const key = findKey(error.constraint ?? '', keys);
  if (key) {
    const message = `The value is too long for ${named(key)}: at most about 2700 bytes can be told apart.`;
    return { code: 'too_large', column: key[0] ?? null, message };
  }
  const column = columns.find(({ name }) => name === columnIn(error))?.name ?? null;
  const message = column
    ? `The value of “${column}” is too large for the database: ${error.message}.`
    : `The row is too large for the database: ${error.message}.`;
  return { code: 'too_large', column, message };
}

function named(key: DatasetKey): string {
  const names = key.map((name) => `“${name}”`);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Class 22 of the SQL standard's SQLSTATE, "data exception", by what it means to a person. */
function notAValue(error: DatabaseError, columns: readonly DatasetColumn[]): Violation {
  const column = columns.find(({ name }) => name === columnIn(error));
  const name = column?.name ?? null;
  const of = column ? `of “${column.name}” ` : '';
  if (error.code === '22003' || error.code === '22008') {
    const message = `A value ${of}is too large or does not exist.`;
    return { code: 'out_of_range', column: name, message };
  }
  if (error.code === '22021' || error.code === '22P05') {
    const message = `A value ${of}has characters that no text can have.`;
    return { code: 'nul_byte', column: name, message };
  }
  const noun = column ? NOUNS[column.type] : 'a value of its type';
  return { code: 'not_a_value', column: name, message: `A value ${of}cannot be read as ${noun}.` };
}

/** COPY says where it stumbled: `COPY people, line 1, column born: "2024-13-01"`. */
function columnIn({ column, where }: DatabaseError): string | undefined {
  return column ?? /, column (.+?)(?:: |$)/s.exec(where ?? '')?.[1];
}

const NOUNS: Record<ColumnType, string> = {
  text: 'a text',
  bigint: 'a whole number',
  numeric: 'a number',
  double: 'a number',
  boolean: 'true or false',
  date: 'a date',
  timestamptz: 'a date and time',
  uuid: 'a UUID',
  json: 'JSON',
};
