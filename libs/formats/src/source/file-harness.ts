import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { CsvDialect } from '../csv/dialect.js';
import { parseRecords } from '../csv/parse-records.js';
import { RecordScanner } from '../csv/record-scanner.js';
import { LineScanner } from '../json/line-scanner.js';
import { parseJsonLines, type SourceRecord } from '../json/parse-json-lines.js';
import { convertSource } from './convert-source.js';
import { needsConversion } from './needs-conversion.js';
import { streamRange } from './read-range.js';
import type { ResolvedSource } from './resolved-source.js';
import type { SourceFile } from './source-file.js';
import type { SourceLimits } from './source-limits.js';

/** A file in memory, handed out in buffers of a size that no rule depends on. */
export function aFile(content: Buffer | string, name = 'rows.csv'): SourceFile {
  const bytes = Buffer.from(content);
  return {
    name,
    size: bytes.length,
    read: async ({ from = 0, to = bytes.length } = {}) =>
      Readable.from(cut(bytes.subarray(from, to), [READ_BYTES])),
  };
}

const READ_BYTES = 64 * 1024;

/** Plain CSV with a header, as it is unless something else is said. */
export function aSource(source: Partial<ResolvedSource> = {}): ResolvedSource {
  return {
    format: 'csv',
    packing: 'none',
    encoding: 'utf-8',
    bom: false,
    delimiter: ',',
    quote: '"',
    escape: null,
    newline: 'lf',
    header: true,
    skip: 0,
    footer: 0,
    ...source,
  };
}

/** Names that end with a slash are folders. */
export async function aZip(
  files: Record<string, string | Buffer>,
  options: { compress?: boolean } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name);
    else zip.addBuffer(Buffer.from(content), name, options);
  }
  zip.end();
  return await buffer(zip.outputStream);
}

/** The bytes in buffers of the sizes; the last size is used for the rest. */
export async function* cut(
  bytes: Buffer | string,
  sizes: Iterable<number> = [Infinity],
): AsyncGenerator<Buffer> {
  const all = Buffer.from(bytes);
  const iterator = sizes[Symbol.iterator]();
  let size = Infinity;
  for (let from = 0; from < all.length; from += size) {
    const next = iterator.next();
    if (next.done !== true) size = next.value;
    yield all.subarray(from, from + size);
  }
}

export async function collect(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function withByte(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  const index = at < 0 ? changed.length + at : at;
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}

/**
 * Reads a file as an import does: converted when it must be, cut into chunks, and each chunk read by itself.
 * All records are data; a JSON object needs the names of its fields.
 */
export async function readAll(
  file: SourceFile,
  source: ResolvedSource,
  { limits = {}, columns = [] }: { limits?: Partial<SourceLimits>; columns?: string[] } = {},
): Promise<{ plain: ResolvedSource; bytes: Buffer; records: SourceRecord[] }> {
  const isPlain = !needsConversion(source);
  const converted = isPlain
    ? { plain: source, bytes: streamRange(file) }
    : convertSource(file, source, limits);
  const bytes = await collect(converted.bytes);
  const { plain } = converted;
  const { recordLimit = 8 * 1024 * 1024 } = limits;
  const start = { offset: plain.bom ? 3 : 0, row: 1, line: 1, chunk: 0 };
  const options = { position: start, chunkBytes: 64, recordLimit };
  const dialect: CsvDialect = {
    delimiter: plain.delimiter,
    quote: '"',
    newline: plain.newline,
    hasHeader: plain.header,
    bom: plain.bom,
  };
  const isCsv = plain.format === 'csv';
  const scanner = isCsv ? new RecordScanner(dialect, options) : new LineScanner(options);
  const chunks = [...scanner.push(bytes.subarray(start.offset)), ...scanner.end()];
  const records = chunks.flatMap(({ from, to, firstRow, firstLine, rows }) => {
    const slice = bytes.subarray(from, to);
    const at = { offset: from, row: firstRow, line: firstLine };
    const found = [
      ...(isCsv ? parseRecords(slice, dialect, at) : parseJsonLines(slice, columns, at)),
    ];
    if (found.length !== rows) throw new Error(`${rows} rows were scanned, ${found.length} read.`);
    return found;
  });
  return { plain, bytes, records };
}
