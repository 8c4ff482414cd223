import type { Readable } from 'node:stream';

/** How the reading of a stream ended: by its end, by its breaking off, or because there was more than wanted. */
export type StreamEnd =
  { how: 'complete' } | { how: 'broke-off'; error: unknown } | { how: 'too-long' };

/**
 * Hands the bytes of a stream over, one piece after the other, and never more than `room` of them.
 *
 * A stream that breaks off is told in the answer, and what `take` throws is thrown, so that the two
 * cannot be mistaken for one another. The stream is not destroyed.
 */
export async function takeStream(
  stream: Readable,
  room: number,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<StreamEnd> {
  const pieces: AsyncIterator<Uint8Array | string> = stream.iterator({ destroyOnReturn: false });
  let left = Math.max(0, room);
  try {
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => ({ error }));
      if ('error' in next) return { how: 'broke-off', error: next.error };
      if (next.done) return { how: 'complete' };
      const bytes = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
      const fitting = bytes.subarray(0, left);
      if (fitting.length > 0) await take(fitting);
      if (fitting.length < bytes.length) return { how: 'too-long' };
      left -= bytes.length;
    }
  } finally {
    await pieces.return?.();
  }
}
