import type { SourceOptions } from '@offload/contracts';
import { columnNames, type HeaderColumn, MAX_COLUMNS } from '../csv/column-names.js';
import { HeaderUnreadable, TooManyColumns } from '../csv/csv.errors.js';
import { BYTE_ORDER_MARK, LF, type ScanPosition } from '../csv/dialect.js';
import { skipLines } from '../csv/read-header.js';
import type { SampledRecord } from '../csv/sample-records.js';
import { parseJsonLines, type SourceRecord } from '../json/parse-json-lines.js';
import { convertSource } from '../source/convert-source.js';
import type { DetectedSource } from '../source/detected-source.js';
import { needsConversion } from '../source/needs-conversion.js';
import type { ResolvedSource } from '../source/resolved-source.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { describeFile } from './describe-file.js';
import { countFooter, detectLayout } from './detect-layout.js';
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
    keys.length > 0 ? objectsOf(pieces, keys, base) : arraysOf(pieces, told, sample.isWhole);
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
    footer: footer.map(({ fields }) => shown(fields)),
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

interface FoundLines {
  header: boolean;
  confidence: number;
  skip: number;
  columns: HeaderColumn[];
  records: SourceRecord[];
  samples: SampledRecord[];
  preamble: string[];
  footer: SourceRecord[];
  /** The line of the header; 0 when there is none. */
  headerLine: number;
}

function withoutSkipped([head, ...later]: readonly Buffer[], { skip }: ResolvedSource): Buffer[] {
  if (!head) return [];
  const start = { offset: 0, row: 1, line: 1, chunk: 0 };
  return [head.subarray(skipLines(head, start, skip, LF).offset), ...later];
}

function objectsOf(
  pieces: readonly Buffer[],
  keys: readonly string[],
  { skip }: ResolvedSource,
): FoundLines {
  const parsed = pieces.map((piece) => [...parseJsonLines(piece, keys)]);
  const [first = [], ...later] = parsed;
  const head = first.filter(({ line }) => line > skip);
  return {
    header: false,
    confidence: 1,
    skip,
    columns: columnNames(keys),
    records: head,
    samples: soundFields([head, ...later]),
    preamble: [],
    footer: [],
    headerLine: 0,
  };
}

function arraysOf(
  pieces: readonly Buffer[],
  told: SourceOptions,
  isWhole: boolean,
): FoundLines | undefined {
  const [head = [], ...later] = pieces.map((piece) => [...parseJsonLines(piece, [])]);
  const layout = detectLayout(head, told, { isWhole: false });
  const [first, ...others] = head.slice(layout.preamble);
  if (!first) return undefined;
  const [problem] = first.problems;
  if (problem && layout.header) throw new HeaderUnreadable(first.line, problem.message);

  const records = layout.header ? others : [first, ...others];
  const width = Math.max(
    first.fields.length,
    ...(layout.header ? [] : records.map(({ fields }) => fields.length)),
  );
  if (width === 0) return undefined;
  const names = Array.from({ length: width }, (_, index) =>
    layout.header ? (first.fields[index] ?? null) : null,
  );
  const footer = isWhole ? records.slice(records.length - countFooter(records)) : [];
  const body = records.slice(0, records.length - footer.length);
  return {
    header: layout.header,
    confidence: layout.confidence,
    skip: layout.skip,
    columns: columnNames(names),
    records,
    samples: soundFields([body, ...later]),
    preamble: head.slice(0, layout.preamble).map(({ fields }) => shown(fields)),
    footer,
    headerLine: layout.header ? first.line : 0,
  };
}

function soundFields(pieces: readonly SourceRecord[][]): SampledRecord[] {
  return pieces
    .flat()
    .filter(({ problems }) => problems.length === 0)
    .map(({ fields }) => fields);
}

function shown(fields: readonly (string | null)[]): string {
  return fields.filter((field) => field !== null).join(' ');
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
