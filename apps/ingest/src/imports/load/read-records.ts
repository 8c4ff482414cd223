import { type CsvRecord, dialectOf, parseJsonLines, parseRecords } from '@offload/formats';
import type { ImportPlan } from '../import-plan.js';

/** Reads the records of a slice of a file that is cut as it is, whatever its format. */
export function readRecords(
  slice: Buffer,
  { source, sourceColumns }: Pick<ImportPlan, 'source' | 'sourceColumns'>,
  at: { offset: number; row: number; line: number },
): Iterable<CsvRecord> {
  return source.format === 'ndjson'
    ? parseJsonLines(slice, sourceColumns, at)
    : parseRecords(slice, dialectOf(source), at);
}
