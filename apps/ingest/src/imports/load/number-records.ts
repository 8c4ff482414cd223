import type { CsvDialect } from '@offload/formats';
import { StrictCursor } from './strict-cursor.js';

/**
 * Writes in front of each record of a strict slice its number and a delimiter: `7,` before the seventh. So COPY can
 * take the bytes of the file as they are and still know which row each of them is.
 */
export function numberRecords(
  slice: Buffer,
  { first, rows }: { first: number; rows: number },
  dialect: CsvDialect,
): Buffer {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const longest = String(first + rows).length + 1;
  const numbered = Buffer.allocUnsafe(slice.length + rows * longest);
  const cursor = new StrictCursor(slice, dialect);
  let written = 0;
  for (let number = first; cursor.advance(); number++) {
    written += numbered.write(String(number), written, 'latin1');
    numbered[written] = delimiter;
    written += 1 + slice.copy(numbered, written + 1, cursor.from, cursor.to);
  }
  return numbered.subarray(0, written);
}
