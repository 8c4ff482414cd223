import type { ResolvedSource } from './resolved-source.js';

/**
 * Tells whether the bytes of a file must be re-written before they can be cut into chunks.
 *
 * What needs none is read in place: UTF-8 that is not packed, either one JSON value on each line or CSV with
 * a delimiter of one ASCII byte and doubled `"` as quotes, and no records at its end to be left out.
 */
export function needsConversion(source: ResolvedSource): boolean {
  if (source.packing !== 'none' || source.encoding !== 'utf-8' || source.footer > 0) return true;
  if (source.format === 'ndjson') return source.newline === 'cr';
  return source.format !== 'csv' || !isPlainDialect(source);
}

/** RecordScanner and parseRecords, and PostgreSQL, read CSV of this dialect as it lies. */
export function isPlainDialect({ delimiter, quote, escape }: ResolvedSource): boolean {
  const isOneByte = delimiter.length === 1 && delimiter.charCodeAt(0) < 0x80;
  return isOneByte && quote === '"' && (escape === null || escape === '"');
}
