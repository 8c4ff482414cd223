import type { SourceEncoding, SourceFormat } from '@offload/contracts';

/** Everything about how a file is written, decided: what was told, and what was detected for the rest. */
export interface ResolvedSource {
  format: SourceFormat;
  packing: 'none' | 'gzip' | 'zip';
  /** Of a zip archive: the file in it that is meant. */
  entry?: string;
  encoding: SourceEncoding;
  /** The text begins with a byte order mark, which is no data. */
  bom: boolean;
  /** One character; of CSV only, as are the next two. */
  delimiter: string;
  /** `null` when nothing is quoted. */
  quote: string | null;
  /** `null` when a quote inside a quoted field is doubled. */
  escape: string | null;
  newline: 'lf' | 'crlf' | 'cr';
  /** The first record that is not skipped names the columns. */
  header: boolean;
  /** Physical lines (rows of a sheet, elements of an array) before the first record that are no data. */
  skip: number;
  /** Records at the end that are no data. */
  footer: number;
  /** Of a workbook: the name of the sheet. */
  sheet?: string;
}

/** What a conversion makes: UTF-8 text that is read as it lies, as CSV or with one JSON value on each line. */
export interface PlainSource extends ResolvedSource {
  format: 'csv' | 'ndjson';
  packing: 'none';
  encoding: 'utf-8';
}
