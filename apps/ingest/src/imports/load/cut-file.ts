import type { FileStore } from '@offload/storage';
import {
  type Chunk,
  dialectOf,
  LineScanner,
  RecordScanner,
  type ResolvedSource,
  type ScanPosition,
} from '@offload/formats';

const MiB = 1024 * 1024;

/**
 * What one message cuts; a long file takes many, so that none runs for long. The first is short, so that
 * chunks are loaded while the others are cut. Any of them is longer than a chunk that ends with the longest
 * record (4 + 8 MiB): one that held no whole chunk would be cut again for ever.
 */
const firstStretchBytes = 16 * MiB;
const stretchBytes = 64 * MiB;

/** A stretch of a file, cut into chunks. */
export interface Stretch {
  chunks: Chunk[];
  /** Where the next stretch begins; undefined at the end of the file. */
  next: ScanPosition | undefined;
}

/**
 * Cuts the next stretch of a file at record boundaries, reading it as a stream.
 *
 * Throws FileRefused when no record boundary can be found.
 */
export async function cutFile(
  files: FileStore,
  { key, size }: { key: string; size: number },
  source: ResolvedSource,
  position: ScanPosition,
): Promise<Stretch> {
  const options = { position, chunkBytes: chunkBytesFor(size) };
  const scanner =
    source.format === 'ndjson'
      ? new LineScanner(options)
      : new RecordScanner(dialectOf(source), options);
  const length = position.chunk === 0 ? firstStretchBytes : stretchBytes;
  const to = Math.min(size, position.offset + length);
  const chunks: Chunk[] = [];
  for await (const bytes of await files.read(key, { from: position.offset, to })) {
    chunks.push(...scanner.push(bytes as Buffer));
  }
  if (to < size) return { chunks, next: scanner.position };
  chunks.push(...scanner.end());
  return { chunks, next: undefined };
}

/**
 * Large enough that a commit costs little beside its rows, small enough that a small file shows
 * progress and is shared by several workers.
 */
export function chunkBytesFor(size: number): number {
  return Math.min(4 * MiB, Math.max(MiB / 2, Math.ceil(size / 24)));
}
