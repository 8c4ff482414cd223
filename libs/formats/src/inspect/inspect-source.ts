import { detectSource } from '../source/detect-source.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { refuseContradictions } from '../values/values.errors.js';
import { inspectCsv } from './inspect-csv.js';
import { inspectLines } from './inspect-lines.js';
import type { Inspection, ToldOptions } from './inspection.js';

/**
 * Looks into a file and says what it is: how it is packed, encoded and written, which columns it has, and of which types.
 *
 * What is told is believed, and the rest is found around it, so that an answer can be corrected and asked for again.
 * Title lines above the header are left out, as no column would have its name otherwise; totals at the end are
 * only pointed at, as leaving out rows that nobody asked to leave out would be a lie.
 *
 * Reads little more than 2 MiB of a plain file, whatever its size, and converts no more than that of any other.
 * Throws FileRefused for what cannot be imported, what `file.read` throws as it is, and the reason of the signal
 * when it is aborted; reading is stopped by whoever made the file.
 */
export async function inspectSource(
  file: SourceFile,
  { source = {}, values = {} }: ToldOptions = {},
  limits: Partial<SourceLimits> = {},
  signal?: AbortSignal,
): Promise<Inspection> {
  refuseContradictions(values);
  const detected = await detectSource(file, source, limits);
  const inspect = detected.format === 'csv' ? inspectCsv : inspectLines;
  return inspect(file, detected, { source, values }, limits, signal);
}
