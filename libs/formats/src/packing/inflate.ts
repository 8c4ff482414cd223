import { pipeline, Readable } from 'node:stream';
import type { Gunzip, InflateRaw } from 'node:zlib';

/** How much is unpacked at a time: large buffers cost little memory and save most of the calls. */
export const INFLATE_CHUNK_BYTES = 256 * 1024;

/**
 * Runs bytes through an engine of zlib at the pace of the reader. When the reader stops early, the input
 * is closed as well; errors of the input are thrown as they are.
 */
export async function* inflateWith(
  engine: Gunzip | InflateRaw,
  input: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const source = Readable.from(input, { objectMode: true, highWaterMark: 1 });
  const isClosed = new Promise((resolve) => source.once('close', resolve));
  // The error arrives through the engine, to whoever reads from it.
  pipeline(source, engine, () => undefined);
  try {
    for await (const chunk of engine) yield chunk as Buffer;
  } finally {
    source.destroy();
    await isClosed;
  }
}

/** The compressed bytes ended too early, are wrong, or the error has nothing to do with them. */
export function inflateFault(error: unknown): 'truncated' | 'damaged' | undefined {
  const { code } = error as { code?: unknown };
  if (code === 'Z_BUF_ERROR') return 'truncated';
  return typeof code === 'string' && code.startsWith('Z_') ? 'damaged' : undefined;
}
