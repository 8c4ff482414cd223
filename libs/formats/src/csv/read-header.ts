import { FileEmpty, HeaderUnreadable, TooManyColumns } from './csv.errors.js';
import { columnNames, type HeaderColumn, MAX_COLUMNS } from './column-names.js';
import { type CsvDialect, recordEndOf, type ScanPosition, startOf } from './dialect.js';
import { type CsvRecord, parseRecords } from './parse-records.js';

/**
 * Reads the header record from the first bytes of a file; blank lines before it are skipped.
 *
 * Without a header the columns are named by their number, and the data begin at the first record.
 * Throws FileEmpty, TooManyColumns, or HeaderUnreadable when the sample ends within the header.
 */
export function readHeader(
  head: Buffer,
  dialect: CsvDialect,
  { isWholeFile }: HeadOptions,
): Header {
  const start = startOf(dialect);
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
}

function refuseProblems({ line, problems }: CsvRecord): void {
  const [problem] = problems;
  if (problem) throw new HeaderUnreadable(line, problem.message);
}
