import { createHash, type Hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** The hash of the first bytes of an upload. */
export interface RunningDigest {
  hash: Hash;
  /** How many it covers. */
  bytes: number;
}

/** A hash takes little memory, but clients may begin without end. */
const mostDigests = 2000;

/**
 * Remembers how far uploads are hashed, while their pieces come to this process one after the other: then the
 * SHA-256 is known with the last of them, and nobody has to read the file for it.
 *
 * It is a convenience. What is not here, after a restart or when another replica has taken a piece, is
 * hashed from the storage when the file is whole.
 */
@Injectable()
export class RunningDigests {
  private readonly digests = new Map<string, RunningDigest>();

  /** Takes out the one that ends at this offset; a fresh one at the start of a file; else none. */
  take(uploadId: string, offset: number): RunningDigest | undefined {
    const kept = this.digests.get(uploadId);
    this.digests.delete(uploadId);
    if (offset === 0) return { hash: createHash('sha256'), bytes: 0 };
    return kept?.bytes === offset ? kept : undefined;
  }

  /** The one that was put back longest ago makes room. */
  putBack(uploadId: string, digest: RunningDigest): void {
    this.digests.set(uploadId, digest);
    const [oldest] = this.digests.keys();
    if (oldest !== undefined && this.digests.size > mostDigests) this.digests.delete(oldest);
  }
}
