import { type Hash } from 'node:crypto';
import { Readable } from 'node:stream';

/** How the bytes of a request came to their end. */
export type PourEnd = 'complete' | 'broken' | 'stopped';

export interface PourOptions {
  /** Fed with every byte that goes through. */
  hashes: readonly Hash[];
  /** How many of the first bytes are kept to be looked at. (Default: 0) */
  headBytes?: number;
  /** Told once when the head is full; answering false stops the pouring. */
  onHead?: (head: Buffer) => boolean;
  /** Asked before each piece; false stops the pouring. (Default: always true) */
  mayGoOn?: () => boolean;
  /** Stops the pouring also while nothing comes. */
  stop?: AbortSignal;
}

/**
 * Takes the bytes of a request to the storage, and knows of every byte that it has let through.
 *
 * Its stream always ends in good order, also when the request breaks off or is stopped: so nothing that has
 * come is lost in a buffer, and what was hashed is what was stored. `end` tells how it really ended.
 */
export class Pour {
  readonly stream: Readable;
  /** How many have gone through. */
  bytes = 0;
  end: PourEnd = 'complete';
  /** Why the request broke off. */
  error: unknown;
  private readonly headParts: Buffer[] = [];
  private headLength = 0;
  private isHeadTold = false;
  private wake: () => void = () => undefined;

  constructor(
    source: Readable,
    private readonly options: PourOptions,
  ) {
    this.stream = Readable.from(this.pieces(source), { highWaterMark: 1 });
    options.stop?.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** The first bytes, as many as were asked for or have come. */
  get head(): Buffer {
    return Buffer.concat(this.headParts);
  }

  private async *pieces(source: Readable): AsyncGenerator<Buffer> {
    const pieces: AsyncIterator<Buffer> = source.iterator({ destroyOnReturn: false });
    for (;;) {
      const piece = await this.next(pieces);
      if (!piece) return;
      for (const hash of this.options.hashes) hash.update(piece);
      this.bytes += piece.length;
      const isWelcome = this.keepHead(piece);
      yield piece;
      if (isWelcome) continue;
      this.end = 'stopped';
      return;
    }
  }

  /** The next bytes; undefined at the end, for whatever reason. */
  private async next(pieces: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
    if (this.isStopped) return this.finish('stopped');
    // A race against one long-lived promise would keep a trace of every piece until the end.
    const next = await new Promise<IteratorResult<Buffer> | 'stopped' | { error: unknown }>(
      (resolve) => {
        this.wake = () => resolve('stopped');
        pieces.next().then(resolve, (error: unknown) => resolve({ error }));
      },
    );
    if (next === 'stopped') return this.finish('stopped');
    if ('error' in next) {
      this.error = next.error;
      return this.finish('broken');
    }
    if (next.done) return undefined;
    // What came while the right to write was lost must not be written.
    return this.isStopped ? this.finish('stopped') : next.value;
  }

  private get isStopped(): boolean {
    return this.options.stop?.aborted === true || this.options.mayGoOn?.() === false;
  }

  private finish(end: PourEnd): undefined {
    this.end = end;
  }

  private keepHead(piece: Buffer): boolean {
    const { headBytes = 0, onHead } = this.options;
    if (this.headLength < headBytes) {
      this.headParts.push(Buffer.from(piece.subarray(0, headBytes - this.headLength)));
      this.headLength += this.headParts.at(-1)?.length ?? 0;
    }
    if (this.isHeadTold || headBytes === 0 || this.headLength < headBytes || !onHead) return true;
    this.isHeadTold = true;
    return onHead(this.head);
  }
}
