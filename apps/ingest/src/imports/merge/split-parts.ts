import { hashClasses } from '../staging/staging-table.js';

/** How rows that were set aside are divided, so that parts are merged side by side, each in one transaction. */
export interface Parts {
  by: 'hash' | 'row' | 'none';
  count: number;
}

/**
 * Divides rows into parts of at least 100 000, and into at most 32: each part reads over all of the rows to find its own.
 *
 * All rows with the same key are in one part. What is to happen as a whole or not at all is not divided, and neither are
 * rows that can meet in several keys.
 */
export function splitParts(
  rows: number,
  { keys, isAtomic }: { keys: number; isAtomic: boolean },
): Parts {
  const count = Math.min(mostParts, Math.max(1, Math.floor(rows / leastRows)));
  if (isAtomic || keys > 1 || count === 1) return { by: 'none', count: 1 };
  return { by: keys === 1 ? 'hash' : 'row', count };
}

const leastRows = 100_000;
const mostParts = 32;

/** The number of a row's part, in SQL, said of the rows `s` with numbers up to `span`. */
export function partOf({ by, count }: Parts, span: number): string {
  if (by === 'none') return '0';
  if (by === 'hash') return `s."_hash" % ${Math.min(count, hashClasses)}`;
  return `(s."_row" - 1) / ${Math.ceil(span / count)}`;
}
