import type { SourceOptions } from '@offload/contracts';
import { MAX_COLUMNS } from '../csv/column-names.js';
import { TooManyColumns } from '../csv/csv.errors.js';
import { BYTE_ORDER_MARK, LF, type ScanPosition } from '../csv/dialect.js';
import { skipLines } from '../csv/read-header.js';
import { convertSource } from '../source/convert-source.js';
import type { DetectedSource } from '../source/detected-source.js';
import { needsConversion } from '../source/needs-conversion.js';
import type { ResolvedSource } from '../source/resolved-source.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { describeFile } from './describe-file.js';
import { findArrays, shownFields } from './find-arrays.js';
import { findObjects } from './find-objects.js';
import { inferTypes } from './infer-types.js';
import { type Inspection, SHOWN_ROWS, type ToldOptions } from './inspection.js';
import { NoRecords } from './inspect.errors.js';
import { keysOf } from './keys-of.js';
import { sampleConverted, samplePlain } from './read-sample.js';

/**
 * Looks into a file whose records are JSON values, one on each line, as it lies or as a conversion makes them.
 *
 * The columns of objects are all keys that occur in the sample, in the order in which they first do. Arrays go by
 * position, and may have a header and title lines as CSV has: so do the rows of a sheet.
 */
export async function inspectLines(
  file: SourceFile,
  detected: DetectedSource,
  { source: told = {}, values = {} }: ToldOptions,
  limits: Partial<SourceLimits>,
  signal?: AbortSignal,
): Promise<Inspection> {
  const base = resolve(detected, told);
  const converts = needsConversion(base);
  const converted = converts ? convertSource(file, base, limits) : undefined;
  const sample = converted ? await sampleConverted(converted.bytes) : await samplePlain(file);
  const bom = !converts && base.bom ? BYTE_ORDER_MARK.length : 0;

  const pieces = [wholeLines(sample.head.subarray(bom), sample), ...sample.slices.map(innerLines)];
  const keys = keysOf(withoutSkipped(pieces, base));
  const found =
    keys.length > 0
      ? findObjects(pieces, keys, base)
      : findArrays(pieces, told, { isWhole: sample.isWhole, isSheet: base.format === 'xlsx' });
  if (!found) throw new NoRecords();
  const { header, skip, columns, records, samples, footer } = found;
  if (columns.length > MAX_COLUMNS) throw new TooManyColumns(columns.length, MAX_COLUMNS);

  const source = { ...base, header, skip };
  const inferred = await inferTypes(columns, samples, values, signal);
  return {
    source,
    confidence: { encoding: detected.encodingConfidence, dialect: 1, header: found.confidence },
    needsConversion: converts,
    ...(detected.entries && { entries: detected.entries }),
    ...(detected.sheets && { sheets: detected.sheets.map(({ name }) => name) }),
    columns: inferred.columns,
    values: inferred.values,
    preamble: found.preamble,
    footer: footer.map(({ fields }) => shownFields(fields)),
    rows: records.slice(0, SHOWN_ROWS).map(({ fields }) => fields),
    problems: describeFile({
      source,
      told,
      columns,
      records,
      footer,
      isRaggedFine: keys.length > 0,
    }),
    ...(!converts && { data: dataOf(sample.head, bom, source, found.headerLine) }),
    isWhole: sample.isWhole,
    samples,
  };
}

function resolve(
  { format, packing, entry, encoding, bom, sheet }: DetectedSource,
  { newline = 'lf', header = false, skip = 0, footer = 0 }: SourceOptions,
): ResolvedSource {
  const names = { ...(entry !== undefined && { entry }), ...(sheet !== undefined && { sheet }) };
  const unused = { delimiter: ',', quote: '"', escape: null };
  return { format, packing, ...names, encoding, bom, ...unused, newline, header, skip, footer };
}

/** A line that the end of the sample cuts off is left out. */
function wholeLines(head: Buffer, { isWhole }: { isWhole: boolean }): Buffer {
  return isWhole ? head : head.subarray(0, head.lastIndexOf(LF) + 1);
}

/** The first and the last line of a slice may be cut. */
function innerLines(slice: Buffer): Buffer {
  return slice.subarray(slice.indexOf(LF) + 1, slice.lastIndexOf(LF) + 1);
}

function withoutSkipped([head, ...later]: readonly Buffer[], { skip }: ResolvedSource): Buffer[] {
  if (!head) return [];
  const start = { offset: 0, row: 1, line: 1, chunk: 0 };
  return [head.subarray(skipLines(head, start, skip, LF).offset), ...later];
}

function dataOf(
  head: Buffer,
  bom: number,
  { skip }: ResolvedSource,
  headerLine: number,
): ScanPosition {
  const start = { offset: bom, row: 1, line: 1, chunk: 0 };
  return skipLines(head, start, headerLine === 0 ? skip : headerLine, LF);
}
