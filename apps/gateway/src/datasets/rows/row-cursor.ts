import { ValidationFailed } from '../../http/validate.js';
import type { SortTerm } from './parse-selection.js';
import { quoteIdentifier } from './row-column.js';
import type { SqlValues } from './sql-values.js';

/**
 * Where a page has ended: what the last row has in the columns of the sort, the last of which is `_id`.
 *
 * Longer than some kilobytes it would not fit into the address of the next request; then only `_id` is in it, and
 * the rest is looked up where the row is.
 */
export interface RowCursor {
  id: string;
  /** As text, in the order of the sort without `_id`. */
  values?: (string | null)[];
}

const longestCursor = 4000;

export function writeCursor(sort: readonly SortTerm[], { id, values }: RowCursor): string {
  const whole = JSON.stringify([sortKey(sort), id, values]);
  const text = whole.length > longestCursor ? JSON.stringify([sortKey(sort), id]) : whole;
  return Buffer.from(text).toString('base64url');
}

/** Throws ValidationFailed for a cursor that is not of this sort, and for anything that is none. */
export function readCursor(text: string, sort: readonly SortTerm[]): RowCursor {
  const parts = parse(text);
  if (!Array.isArray(parts)) throw invalidCursor('This is not a cursor.');
  const [key, id, values] = parts as unknown[];
  if (key !== sortKey(sort)) {
    throw invalidCursor('The cursor is of another sort: ask for the first page again.');
  }
  if (typeof id !== 'string' || !/^\d{1,18}$/.test(id))
    throw invalidCursor('This is not a cursor.');
  if (values === undefined) return { id };
  if (!isTexts(values) || values.length !== sort.length - 1) {
    throw invalidCursor('This is not a cursor.');
  }
  return { id, values };
}

export function invalidCursor(detail: string): ValidationFailed {
  return new ValidationFailed([{ pointer: '?after', code: 'invalid_cursor', detail }]);
}

/** The rows behind a cursor. Must be of the sort that `orderSql` orders by. */
export function behindSql(
  sort: readonly SortTerm[],
  { id, values }: { id: string; values: (string | null)[] },
  sqlValues: SqlValues,
): string {
  const places = sort.map((term, index) => {
    const value = index < values.length ? (values[index] ?? null) : id;
    return {
      term,
      name: quoteIdentifier(term.column.name),
      place: value === null ? null : sqlValues.add(value, term.column.type),
    };
  });
  const [first] = places;
  const behind = places.reduceRight<string>((rest, { term, name, place }) => {
    const same = place === null ? `${name} is null` : `${name} = ${place}`;
    // Nothing comes behind null but what is null too.
    const later = place === null ? 'false' : laterSql(term, name, place);
    return rest === '' ? later : `(${later} or ${same} and ${rest})`;
  }, '');
  // For an index of the first column, which PostgreSQL cannot use for what stands in an `or`.
  if (!first || first.place === null || first.term.column.nullable || sort.length === 1)
    return behind;
  return `${first.name} ${first.term.isDescending ? '<=' : '>='} ${first.place} and ${behind}`;
}

/** Null comes last in both directions: a person who sorts wants to see values first. */
export function orderSql(sort: readonly SortTerm[]): string {
  return sort
    .map(({ column, isDescending }) => {
      const direction = isDescending ? ' desc' : '';
      // Said only where it matters: an index is kept the other way round.
      const nulls = isDescending && column.nullable ? ' nulls last' : '';
      return `${quoteIdentifier(column.name)}${direction}${nulls}`;
    })
    .join(', ');
}

function laterSql({ column, isDescending }: SortTerm, name: string, place: string): string {
  const later = `${name} ${isDescending ? '<' : '>'} ${place}`;
  return column.nullable ? `(${later} or ${name} is null)` : later;
}

function sortKey(sort: readonly SortTerm[]): string {
  return JSON.stringify(sort.map(({ column, isDescending }) => [column.name, isDescending]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isTexts(values: unknown): values is (string | null)[] {
  return (
    Array.isArray(values) &&
    values.every((value) => value === null || (typeof value === 'string' && !value.includes('\0')))
  );
}
