import type { CsvRecord } from '../csv/parse-records.js';
import { isMarkedCode, withoutMarks } from '../csv/marks.js';
import { CR, LF, SPACE, TAB } from './json-bytes.js';
import { JsonLineReader } from './json-line-reader.js';

/** One record of a file, whatever its format, and where it stands. */
export type SourceRecord = CsvRecord;

/**
 * Reads the records of a slice that begins and ends between two lines, by the rules of LineScanner.
 *
 * The fields of an object go to the columns of their names, wherever they stand in it; what an object does not
 * have is null. The values of an array go by position. Numbers, true and false are the text they are written
 * with, digit by digit; nested objects and arrays are their JSON text; null is null.
 *
 * Nothing is refused: what cannot be trusted is told in `problems`, line by line, such as a field that is no
 * column or that is there twice. Blank lines are lines, but no records. The texts may share memory with the
 * slice: copy what is to outlive it.
 */
export function* parseJsonLines(
  slice: Buffer,
  columns: readonly string[],
  at: { offset: number; row: number; line: number } = { offset: 0, row: 1, line: 1 },
): Generator<SourceRecord> {
  const reader = new JsonLineReader(slice, columns);
  let { row, line } = at;
  for (let from = 0; from < slice.length; line++) {
    const found = slice.indexOf(LF, from);
    const newlineAt = found === -1 ? slice.length : found;
    const end = found === -1 ? slice.length : found + 1;
    const first = skipSpace(slice, from, newlineAt);
    if (first < newlineAt) {
      const last = skipSpaceBack(slice, first, newlineAt);
      const { fields, problems } = reader.read(first, last);
      const raw = slice.subarray(first, last);
      yield {
        row,
        line,
        lines: 1,
        offset: at.offset + from,
        end: at.offset + end,
        fields,
        raw: problems.some(({ code }) => isMarkedCode(code)) ? withoutMarks(raw) : raw,
        problems,
      };
      row++;
    }
    from = end;
  }
}

function skipSpace(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(bytes[at])) at++;
  return at;
}

function skipSpaceBack(bytes: Buffer, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(bytes[at - 1])) at--;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CR || byte === LF;
}
