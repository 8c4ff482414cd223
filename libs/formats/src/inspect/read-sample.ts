import { readRange } from '../source/read-range.js';
import type { SourceFile } from '../source/source-file.js';

const MiB = 1024 * 1024;
const HEAD_BYTES = MiB;
const CONVERTED_BYTES = 2 * MiB;
const SLICE_BYTES = 64 * 1024;
const SLICES = 8;

/** Bytes of a file in which records can be found, as they lie or converted. */
export interface Sample {
  head: Buffer;
  /** There is nothing behind the head. */
  isWhole: boolean;
  /** From further in, cut out at any byte; the last one ends with the file. */
  slices: Buffer[];
}

/** Reads the beginning of a plain file and a few places further in: at most 1.5 MiB, whatever its size. */
export async function samplePlain(file: SourceFile): Promise<Sample> {
  const head = await readRange(file, { from: 0, to: Math.min(file.size, HEAD_BYTES) });
  const isWhole = file.size <= HEAD_BYTES;
  if (isWhole) return { head, isWhole, slices: [] };
  const step = (file.size - HEAD_BYTES) / SLICES;
  const slices = Array.from({ length: SLICES }, (_, index) => {
    const to = Math.floor(HEAD_BYTES + (index + 1) * step);
    return readRange(file, { from: Math.max(HEAD_BYTES, to - SLICE_BYTES), to });
  });
  return { head, isWhole, slices: await Promise.all(slices) };
}

/** Takes the beginning of what a conversion makes, at most 2 MiB, and stops it there. */
export async function sampleConverted(bytes: AsyncIterable<Buffer>): Promise<Sample> {
  const taken: Buffer[] = [];
  let size = 0;
  let isWhole = true;
  for await (const part of bytes) {
    taken.push(part);
    size += part.length;
    if (size > CONVERTED_BYTES) {
      isWhole = false;
      break;
    }
  }
  return { head: Buffer.concat(taken).subarray(0, CONVERTED_BYTES), isWhole, slices: [] };
}
