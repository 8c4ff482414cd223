import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { ResolvedSource } from './resolved-source.js';
import type { SourceFile } from './source-file.js';

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
