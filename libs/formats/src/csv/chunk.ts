import type { ScanPosition } from './dialect.js';

/** A run of whole records, in bytes, rows and physical lines of the file. */
export interface Chunk {
  /** Counted from 0. */
  number: number;
  from: number;
  /** Exclusive. */
  to: number;
  firstRow: number;
  firstLine: number;
  rows: number;
  lines: number;
  /** PostgreSQL reads it exactly as we do, or refuses it. */
  strict: boolean;
}

/** An empty chunk, which begins at the position. */
export function chunkAt({ offset, row, line, chunk }: ScanPosition): Chunk {
  return {
    number: chunk,
    from: offset,
    to: offset,
    firstRow: row,
    firstLine: line,
    rows: 0,
    lines: 0,
    strict: true,
  };
}
