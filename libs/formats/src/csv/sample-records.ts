import { type CsvDialect, recordEndOf } from './dialect.js';
import { parseRecords } from './parse-records.js';

/**
 * Reads the records of a slice cut out of the middle of a file, at any byte, to look at their values.
 *
 * The first and the last line are left out, as they may be cut. Only records of the right width count; when
 * those are not the most, the slice probably begins inside quotes, where nothing can be told: no records.
 */
export function sampleRecords(slice: Buffer, dialect: CsvDialect, width: number): SampledRecord[] {
  const newline = recordEndOf(dialect);
  const from = slice.indexOf(newline) + 1;
  const to = slice.lastIndexOf(newline) + 1;
  if (from === 0 || to <= from) return [];

  const records = [...parseRecords(slice.subarray(from, to), dialect)];
  const sound = records.filter(
    ({ fields, problems }) => fields.length === width && problems.length === 0,
  );
  return sound.length * 2 > records.length ? sound.map(({ fields }) => fields) : [];
}

/** The values of one record, as CsvRecord has them. */
export type SampledRecord = readonly (string | null)[];
