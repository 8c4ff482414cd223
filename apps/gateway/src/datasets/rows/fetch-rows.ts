import type { EntityManager } from 'typeorm';
import type { RawRow } from './select-rows.js';

/** Rows that are fetched before it is known how large they are. */
const firstRows = 8;

/** No more is fetched when the rows are larger than this together, in characters. */
const enough = 4 * 1024 * 1024;

/**
 * Fetches rows of the cursor `page` until there are so many, no more come, or they are large enough together: rows
 * of some megabytes each must not fill the memory. `isCut` in the last case.
 */
export async function fetchRows(
  tx: EntityManager,
  wanted: number,
): Promise<{ rows: RawRow[]; isCut: boolean }> {
  const rows: RawRow[] = [];
  let size = 0;
  let next = firstRows;
  while (rows.length < wanted && size < enough) {
    const asked = Math.min(next, wanted - rows.length);
    const fetched: RawRow[] = await tx.query(`fetch forward ${asked} from page`);
    rows.push(...fetched);
    if (fetched.length < asked) return { rows, isCut: false };
    size += fetched.reduce((sum, row) => sum + sizeOf(row), 0);
    next = Math.max(1, Math.floor(((enough - size) * rows.length) / size));
  }
  return { rows, isCut: rows.length < wanted };
}

function sizeOf(row: RawRow): number {
  return Object.values(row).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 8),
    0,
  );
}
