import { type CsvDialect, QUOTE, recordEndOf } from '@offload/formats';

/**
 * Writes in front of each record of a strict slice its number and a delimiter: `7,` before the seventh. So COPY can
 * take the bytes of the file as they are and still know which row each of them is.
 *
 * In a strict slice every quote opens, closes or is doubled, so a line break ends a record when an even number of
 * quotes stands before it. The last record may lack its line break.
 */
export function numberRecords(
  slice: Buffer,
  { first, rows }: { first: number; rows: number },
  dialect: CsvDialect,
): Buffer {
  const recordEnd = recordEndOf(dialect);
  const delimiter = dialect.delimiter.charCodeAt(0);
  const longest = String(first + rows).length + 1;
  const numbered = Buffer.allocUnsafe(slice.length + rows * longest);
  let quoteAt = next(slice, QUOTE, 0);
  let written = 0;
  let number = first;
  for (let at = 0; at < slice.length; number++) {
    let end = next(slice, recordEnd, at);
    let isQuoted = false;
    while (quoteAt < end) {
      isQuoted = !isQuoted;
      quoteAt = next(slice, QUOTE, quoteAt + 1);
      // Every line break up to the quote that closes is text.
      if (isQuoted && quoteAt > end) end = next(slice, recordEnd, quoteAt);
    }
    const to = Math.min(end + 1, slice.length);
    written += numbered.write(String(number), written, 'latin1');
    numbered[written] = delimiter;
    written += 1 + slice.copy(numbered, written + 1, at, to);
    at = to;
  }
  return numbered.subarray(0, written);
}

function next(bytes: Buffer, value: number, from: number): number {
  const found = bytes.indexOf(value, from);
  return found === -1 ? bytes.length : found;
}
