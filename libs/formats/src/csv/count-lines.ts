import { CR } from './dialect.js';

/** Counts physical lines, the last one with or without its line break, and those among them that are not blank. */
export function countLines(bytes: Buffer, newline: number): { lines: number; rows: number } {
  let lines = 0;
  let rows = 0;
  for (let from = 0; from < bytes.length; lines++) {
    const found = bytes.indexOf(newline, from);
    const end = found === -1 ? bytes.length : found;
    const isBlank = end === from || (end === from + 1 && bytes[from] === CR);
    if (!isBlank) rows++;
    from = end + 1;
  }
  return { lines, rows };
}
