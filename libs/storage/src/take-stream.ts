import type { Readable } from 'node:stream';

/** How the reading of a stream ended: by its end, by its breaking off, or because there was more than wanted. */
export type StreamEnd =
  { how: 'complete' } | { how: 'broke-off'; error: unknown } | { how: 'too-long' };

/**
 * Hands the bytes of a stream over, one piece after the other, and never more than `room` of them. `stop` breaks it off
 * with its reason, also while nothing comes.
 *
 * A stream that breaks off is told in the answer, and what `take` throws is thrown, so that the two
 * cannot be mistaken for one another. The stream is not destroyed.
 */
export async function takeStream(
  stream: Readable,
  room: number,
  take: (bytes: Uint8Array) => Promise<void>,
  stop?: AbortSignal,
): Promise<StreamEnd> {
  const pieces = new Pieces(stream, stop);
  let left = Math.max(0, room);
  try {
    for (;;) {
      const next = await pieces.next();
      if ('error' in next) return { how: 'broke-off', error: next.error };
      if (next.done) return { how: 'complete' };
      const bytes = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
      const fitting = bytes.subarray(0, left);
      if (fitting.length > 0) await take(fitting);
      if (fitting.length < bytes.length) return { how: 'too-long' };
      left -= bytes.length;
    }
  } finally {
    await pieces.leave();
  }
}

type Piece = IteratorResult<Uint8Array | string> | { error: unknown };

/** What a stream brings, until it ends or is not wanted any more. */
class Pieces {
  private readonly iterator: AsyncIterator<Uint8Array | string>;
  private wake: () => void = () => undefined;
  private readonly onStop = (): void => this.wake();

  constructor(
    stream: Readable,
    private readonly stop: AbortSignal | undefined,
  ) {
    this.iterator = stream.iterator({ destroyOnReturn: false });
    stop?.addEventListener('abort', this.onStop, { once: true });
  }

  async next(): Promise<Piece> {
    if (this.stop?.aborted) return { error: this.stop.reason };
    // A race against one long-lived promise would keep a trace of every piece until the end.
    return new Promise((resolve) => {
      this.wake = () => resolve({ error: this.stop?.reason });
      this.iterator.next().then(resolve, (error: unknown) => resolve({ error }));
    });
  }

  async leave(): Promise<void> {
    this.stop?.removeEventListener('abort', this.onStop);
    const left = this.iterator.return?.();
    // While it waits for the next piece it cannot be left before that has come.
    if (!this.stop?.aborted) await left;
  }
}
