import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

/** The bytes of a file on their way to somebody, hashed as they pass. */
export interface ReadThrough {
  stream: Readable;
  /** The SHA-256 in hexadecimal; undefined while not all of it has been read. */
  sha256: () => string | undefined;
}

/** Hashes a stream while somebody else reads it, so that a large file is read once for both. */
export function readThrough(source: Readable): ReadThrough {
  const hash = createHash('sha256');
  let sha256: string | undefined;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      hash.update(piece as Buffer);
      yield piece as Buffer;
    }
    sha256 = hash.digest('hex');
  }
  return { stream: Readable.from(pieces(), { highWaterMark: 1 }), sha256: () => sha256 };
}
