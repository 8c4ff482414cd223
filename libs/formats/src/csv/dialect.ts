/** How a CSV file is written. The quote is always `"`, doubled inside quoted fields. */
export interface CsvDialect {
  /** One byte of ASCII, neither the quote nor a line break. */
  delimiter: string;
  quote: '"';
  /** What ends most records. With `lf` and `crlf` alike, a record ends at LF, and a CR just before it belongs to the line break. */
  newline: 'lf' | 'crlf' | 'cr';
  hasHeader: boolean;
  /** The file begins with the three bytes of a UTF-8 byte order mark, which are no data. */
  bom: boolean;
}

/** A place between two records: all that is needed to read on from there. */
export interface ScanPosition {
  /** Bytes from the start of the file. */
  offset: number;
  /** Number of the next record, counted from 1; the header and blank lines are not counted. */
  row: number;
  /** Number of the next physical line, counted from 1. */
  line: number;
  /** Number of the next chunk, counted from 0. */
  chunk: number;
}

/** Where the first record of a file begins: behind the byte order mark, if there is one. */
export function startOf(dialect: CsvDialect): ScanPosition {
  return { offset: dialect.bom ? BYTE_ORDER_MARK.length : 0, row: 1, line: 1, chunk: 0 };
}

/** The byte that ends a record: CR in files of old Macs, LF in all others. */
export function recordEndOf(dialect: CsvDialect): number {
  return dialect.newline === 'cr' ? CR : LF;
}

export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
export const QUOTE = 0x22;
export const CR = 0x0d;
export const LF = 0x0a;
