import type { SourceFile } from './source-file.js';

/** Reads a piece of a file into memory. */
export async function readRange(
  file: SourceFile,
  range: { from: number; to: number },
): Promise<Buffer> {
  if (range.to <= range.from) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of streamRange(file, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads a piece of a file, or all of it, buffer by buffer. Stopping early closes the stream. */
export async function* streamRange(
  file: SourceFile,
  range?: { from: number; to: number },
): AsyncGenerator<Buffer> {
  for await (const chunk of await file.read(range)) yield chunk as Buffer;
}

/** The first bytes of a text, and whether that is all of it. */
export async function readHead(
  bytes: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<{ head: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  const head = Buffer.concat(chunks);
  return { head: head.subarray(0, maxBytes), isWhole: length <= maxBytes };
}
