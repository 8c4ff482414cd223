import type { SourceOptions } from '@offload/contracts';
import { type CsvDialect, recordEndOf } from '../csv/dialect.js';
import { type CsvRecord, parseRecords } from '../csv/parse-records.js';
import { readHeader } from '../csv/read-header.js';
import { type SampledRecord, sampleRecords } from '../csv/sample-records.js';
import { convertSource } from '../source/convert-source.js';
import type { DetectedSource } from '../source/detected-source.js';
import { needsConversion } from '../source/needs-conversion.js';
import type { ResolvedSource } from '../source/resolved-source.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { describeFile } from './describe-file.js';
import { countFooter, detectLayout, type Layout } from './detect-layout.js';
import { detectStyle, type DetectedStyle } from './detect-style.js';
import { dialectOf } from './dialect-of.js';
import { inferTypes } from './infer-types.js';
import { type Inspection, SHOWN_ROWS, type ToldOptions } from './inspection.js';
import { type Sample, sampleConverted, samplePlain } from './read-sample.js';
import { splitText } from './split-text.js';

/** Looks into a file of CSV: as it lies where that is possible, and into the beginning of what a conversion makes of it otherwise. */
export async function inspectCsv(
  file: SourceFile,
  detected: DetectedSource,
  { source: told = {}, values = {} }: ToldOptions,
  limits: Partial<SourceLimits>,
  signal?: AbortSignal,
): Promise<Inspection> {
  const text = detected.head.toString('utf8');
  const style = detectStyle(text, told, detected);
  const layout = layoutOf(text, style, told, detected.isWhole);
  const source = resolve(detected, style, layout, told);
  const converts = needsConversion(source);

  const { plain, bytes } = converts ? convertSource(file, source, limits) : { plain: source };
  const sample = bytes ? await sampleConverted(bytes) : await samplePlain(file);
  const dialect = dialectOf(plain);
  const { columns, data } = readHeader(sample.head, dialect, {
    isWholeFile: sample.isWhole,
    skip: plain.skip,
  });
  const found = readRecords(sample, dialect, data, columns.length);
  const inferred = await inferTypes(columns, found.samples, values, signal);
  return {
    source,
    confidence: {
      encoding: detected.encodingConfidence,
      dialect: style.confidence,
      header: layout.confidence,
    },
    needsConversion: converts,
    ...(detected.entries && { entries: detected.entries }),
    columns: inferred.columns,
    values: inferred.values,
    preamble: linesOf(text, style)
      .slice(0, source.skip)
      .filter((line) => line.trim() !== ''),
    footer: found.footer.map(({ fields }) =>
      fields.map((field) => field ?? '').join(source.delimiter),
    ),
    rows: found.records.slice(0, SHOWN_ROWS).map(({ fields }) => fields),
    problems: describeFile({ source, told, columns, ...found }),
    ...(!converts && { data }),
    isWhole: sample.isWhole,
    samples: found.samples,
  };
}

function layoutOf(
  text: string,
  style: DetectedStyle,
  told: SourceOptions,
  isWhole: boolean,
): Layout {
  const { delimiter, quote, escape, newline } = style;
  const end = newline === 'cr' ? '\r' : '\n';
  const { records } = splitText(
    text.slice(0, LAYOUT_CHARACTERS),
    { delimiter, quote, escape, newline: end },
    {
      isWhole: isWhole && text.length <= LAYOUT_CHARACTERS,
    },
  );
  return detectLayout(records, told, { isWhole: false });
}

/** A header and title lines are seen well before that. */
const LAYOUT_CHARACTERS = 64 * 1024;

function resolve(
  { packing, entry, encoding, bom }: DetectedSource,
  { delimiter, quote, escape, newline }: DetectedStyle,
  { header, skip }: Layout,
  { footer = 0 }: SourceOptions,
): ResolvedSource {
  const csv = { delimiter, quote, escape, newline, header, skip, footer };
  return { format: 'csv', packing, ...(entry !== undefined && { entry }), encoding, bom, ...csv };
}

interface FoundRecords {
  /** Of the head. */
  records: CsvRecord[];
  footer: CsvRecord[];
  samples: SampledRecord[];
}

/** Records that may be totals are not asked for their types: one of them would make a text of every column. */
function readRecords(
  { head, isWhole, slices }: Sample,
  dialect: CsvDialect,
  data: { offset: number; row: number; line: number },
  width: number,
): FoundRecords {
  const records = [...parseRecords(head.subarray(data.offset), dialect, data)];
  // The last one may be cut off by the end of the sample.
  if (!isWhole) records.pop();
  const footer = isWhole ? footerOf(records) : footerIn(slices.at(-1), dialect, width);
  const inHead = isWhole ? records.slice(0, records.length - footer.length) : records;
  const later = slices.flatMap((slice, index) => {
    const to = index === slices.length - 1 ? footer[0]?.offset : undefined;
    return sampleRecords(slice.subarray(0, to), dialect, width);
  });
  const sound = inHead.filter(({ problems }) => problems.length === 0).map(({ fields }) => fields);
  return { records, footer, samples: [...sound, ...later] };
}

/** Of the slice that ends with the file, unless it begins inside quotes, where nothing can be told. */
function footerIn(slice: Buffer | undefined, dialect: CsvDialect, width: number): CsvRecord[] {
  if (!slice || sampleRecords(slice, dialect, width).length === 0) return [];
  const from = slice.indexOf(recordEndOf(dialect)) + 1;
  return footerOf([
    ...parseRecords(slice.subarray(from), dialect, { offset: from, row: 1, line: 1 }),
  ]);
}

function footerOf(records: readonly CsvRecord[]): CsvRecord[] {
  return records.slice(records.length - countFooter(records));
}

function linesOf(text: string, { newline }: DetectedStyle): string[] {
  return text.slice(0, LAYOUT_CHARACTERS).split(newline === 'cr' ? '\r' : /\r?\n/);
}
