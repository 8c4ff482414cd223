import { FileEmpty, HeaderUnreadable, TooManyColumns } from './csv.errors.js';
import { columnNames, type HeaderColumn, MAX_COLUMNS } from './column-names.js';
import { type CsvDialect, recordEndOf, type ScanPosition, startOf } from './dialect.js';
import { type CsvRecord, parseRecords } from './parse-records.js';

/**
 * Reads the header record from the first bytes of a file; blank lines before it are skipped,
 * and as many physical lines as are told.
 *
 * Without a header the columns are named by their number, and the data begin at the first record.
 * Throws FileEmpty, TooManyColumns, or HeaderUnreadable when the sample ends within the header.
 */
export function readHeader(
  head: Buffer,
  dialect: CsvDialect,
  { isWholeFile, skip = 0 }: HeadOptions,
): Header {
  const start = skipLines(head, startOf(dialect), skip, recordEndOf(dialect));
  if (start.line <= skip && !isWholeFile) {
    throw new HeaderUnreadable(skip + 1, `it is not within the first ${head.length} bytes.`);
  }
  const bytes = head.subarray(start.offset);
  const [record] = parseRecords(bytes, dialect, start);
  if (record === undefined) throw new FileEmpty();

  const { fields, end, line, lines } = record;
  const isWhole = isWholeFile || head[end - 1] === recordEndOf(dialect);
  if (!isWhole) throw new HeaderUnreadable(line, `it is longer than ${head.length} bytes.`);
  if (fields.length > MAX_COLUMNS) throw new TooManyColumns(fields.length, MAX_COLUMNS);
  if (!dialect.hasHeader) return { columns: columnNames(fields.map(() => null)), data: start };

  refuseProblems(record);
  return {
    columns: columnNames(fields),
    data: { offset: end, row: 1, line: line + lines, chunk: 0 },
  };
}

/** The columns of a file, in its order, and the place of its first data record. */
export interface Header {
  columns: HeaderColumn[];
  data: ScanPosition;
}

export interface HeadOptions {
  /** There is nothing behind these bytes. */
  isWholeFile: boolean;
  /** Physical lines before the header that are no data. (Default: 0) */
  skip?: number;
}

/** The place behind so many line breaks, or the end when there are fewer. */
export function skipLines(
  bytes: Buffer,
  from: ScanPosition,
  lines: number,
  newline: number,
): ScanPosition {
  let { offset, line } = from;
  for (let skipped = 0; skipped < lines && offset < bytes.length; skipped++) {
    const at = bytes.indexOf(newline, offset);
    offset = at === -1 ? bytes.length : at + 1;
    line++;
  }
  return { ...from, offset, line };
}

function refuseProblems({ line, problems }: CsvRecord): void {
  const [problem] = problems;
  if (problem) throw new HeaderUnreadable(line, problem.message);
}
