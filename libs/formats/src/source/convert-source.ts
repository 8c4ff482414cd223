import { Readable } from 'node:stream';
import type { SourceFormat } from '@offload/contracts';
import { rewriteJsonArray } from '../json/rewrite-json-array.js';
import { rewriteLines } from '../json/rewrite-lines.js';
import { rewriteSheet } from '../xlsx/rewrite-sheet.js';
import { isPlainDialect } from './needs-conversion.js';
import { openText } from './open-text.js';
import type { PlainSource, ResolvedSource } from './resolved-source.js';
import { rewriteCsv } from './rewrite-csv.js';
import type { SourceFile } from './source-file.js';
import { DEFAULT_SOURCE_LIMITS, type SourceLimits } from './source-limits.js';

/**
 * Re-writes a file as plain UTF-8 that is read as it lies: CSV, or one JSON value on each line.
 *
 * CSV that only had to be unpacked or decoded keeps its dialect; `plain` says how to read what comes out.
 * Line breaks are kept, so that line n of the result is line n of the file (row n of a sheet, element n of an
 * array). Nothing is left out in silence: what cannot be written properly is marked, and reported by whoever
 * reads the records. Memory is bounded by the limits, whatever the file claims.
 *
 * The bytes throw FileRefused when the file is at fault, and what `file.read` throws as it is.
 */
export function convertSource(
  file: SourceFile,
  source: ResolvedSource,
  limits: Partial<SourceLimits> = {},
  options: ConversionOptions = {},
): { plain: PlainSource; bytes: AsyncIterable<Buffer> } {
  const all = { ...DEFAULT_SOURCE_LIMITS, ...limits };
  const observed = options.onRead ? observe(file, options.onRead) : file;
  return CONVERSIONS[source.format](observed, source, all);
}

type Conversion = ReturnType<typeof convertSource>;
type Convert = (file: SourceFile, source: ResolvedSource, limits: SourceLimits) => Conversion;

const CONVERSIONS: Record<SourceFormat, Convert> = {
  csv: (file, source, limits) => convertCsv(openText(file, source, limits), source, limits),
  ndjson: (file, source, limits) => convertLines(openText(file, source, limits), source, limits),
  json: (file, source, limits) => {
    const lines = rewriteJsonArray(openText(file, source, limits));
    return convertLines(lines, { ...source, newline: 'lf' }, limits);
  },
  xlsx: (file, source, limits) => ({
    plain: { ...plainOf(source, 'ndjson'), newline: 'lf', skip: 0, footer: 0 },
    bytes: rewriteSheet(file, source, limits),
  }),
};

function convertCsv(
  text: AsyncIterable<Buffer>,
  source: ResolvedSource,
  limits: SourceLimits,
): Conversion {
  const plain = plainOf(source, 'csv');
  if (isPlainDialect(source) && source.footer === 0) return { plain, bytes: text };
  const newline = source.newline === 'cr' ? 'cr' : 'lf';
  return {
    plain: { ...plain, delimiter: ',', quote: '"', escape: null, newline, skip: 0, footer: 0 },
    bytes: rewriteCsv(text, source, limits),
  };
}

function convertLines(
  text: AsyncIterable<Buffer>,
  source: ResolvedSource,
  { recordLimit }: SourceLimits,
): Conversion {
  const { skip, footer } = source;
  const plain: PlainSource = { ...plainOf(source, 'ndjson'), newline: 'lf', skip: 0, footer: 0 };
  if (source.newline !== 'cr' && skip === 0 && footer === 0) return { plain, bytes: text };
  const newline = source.newline === 'cr' ? '\r' : '\n';
  return { plain, bytes: rewriteLines(text, { newline, skip, footer, recordLimit }) };
}

function plainOf(
  { entry: _entry, sheet: _sheet, ...source }: ResolvedSource,
  format: PlainSource['format'],
): PlainSource {
  return { ...source, format, packing: 'none', encoding: 'utf-8', bom: false };
}

export interface ConversionOptions {
  /** Is told how many bytes of the file were read, each time some were. */
  onRead?: (bytes: number) => void;
}

/** The same file, whose readers are counted. */
function observe(file: SourceFile, onRead: (bytes: number) => void): SourceFile {
  return {
    name: file.name,
    size: file.size,
    read: async (range) => Readable.from(count(await file.read(range), onRead)),
  };
}

async function* count(
  stream: AsyncIterable<unknown>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onRead(chunk.length);
    yield chunk;
  }
}
