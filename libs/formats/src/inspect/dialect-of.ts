import type { CsvDialect } from '../csv/dialect.js';
import type { ResolvedSource } from '../source/resolved-source.js';

/** The dialect of a plain file of CSV, for those who cut and read it. */
export function dialectOf({ delimiter, newline, header, bom }: ResolvedSource): CsvDialect {
  return { delimiter, quote: '"', newline, hasHeader: header, bom };
}
