import { Readable } from 'node:stream';
import { isPlainDialect } from './needs-conversion.js';
import { openText } from './open-text.js';
import type { PlainSource, ResolvedSource } from './resolved-source.js';
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
  const { entry: _entry, sheet: _sheet, ...rest } = source;
  const plain: PlainSource = {
    ...rest,
    format: source.format === 'csv' ? 'csv' : 'ndjson',
    packing: 'none',
    encoding: 'utf-8',
    bom: false,
  };
  void isPlainDialect;
  return { plain, bytes: openText(observed, source, all) };
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
