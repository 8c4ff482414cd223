import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { FileStore } from '@offload/storage';
import type { UploadLease } from '../leases/upload-lease.js';
import { type DetectedType, detectType, headBytes } from '../sniff/detect-type.js';
import { refusalOf } from '../sniff/refuse-type.js';
import { ChecksumMismatch } from '../tus/tus.errors.js';
import type { UploadChecksum } from '../tus/upload-checksum.js';
import type { Upload } from '../upload.entity.js';
import type { Piece } from './judge-piece.js';
import { Pour, type PourEnd } from './pour.js';
import { ForeignBytes } from './receive.errors.js';
import { RunningDigests } from './running-digests.js';

/** What has become of the bytes of one request. */
export interface StoredPiece {
  /** Where the upload stands. */
  received: number;
  end: PourEnd;
  /** Why the request broke off. */
  error: unknown;
  /** Of everything up to `received`; null when it was not hashed on its way. */
  sha256: string | null;
  /** What the file is, if this request has brought its beginning. */
  detected: DetectedType | undefined;
  /** Why the file is not taken; then the rest was not read. */
  refusal: string | undefined;
}

/** Brings the bytes of one request to the storage, hashing and looking at them on their way. */
@Injectable()
export class StorePiece {
  constructor(
    private readonly files: FileStore,
    private readonly digests: RunningDigests,
  ) {}

  /**
   * Throws ChecksumMismatch and ForeignBytes, after which the upload stands where it stood before, and whatever
   * the storage throws, after which only the storage knows where it stands.
   */
  async execute(
    upload: Upload,
    source: Readable,
    { offset, checksum }: Piece,
    { lease, maxBytes }: { lease: UploadLease; maxBytes: number },
  ): Promise<StoredPiece> {
    const look = new Look(upload, offset);
    const digest = this.digests.take(upload.id, offset);
    const before = checksum && digest && { hash: digest.hash.copy(), bytes: digest.bytes };
    const compared = checksum && createHash(checksum.algorithm);
    const pour = new Pour(source, {
      hashes: [digest?.hash, compared].filter((hash) => hash !== undefined),
      headBytes: look.headBytes,
      onHead: (head) => look.at(head),
      mayGoOn: () => lease.isLive,
      stop: lease.stop,
    });
    const { offset: received } = await this.files.append(upload.storageKey, pour.stream, {
      offset,
      maxBytes,
    });
    if (received > offset + pour.bytes) throw new ForeignBytes(offset + pour.bytes, received);

    if (checksum && compared && !fits(checksum, compared, pour.end)) {
      if (before) this.digests.putBack(upload.id, before);
      return this.keepNothing(checksum, pour, offset);
    }
    if (digest) digest.bytes = offset + pour.bytes;
    const isHashed = digest?.bytes === received;
    if (digest && isHashed) this.digests.putBack(upload.id, digest);
    return {
      received,
      end: pour.end,
      error: pour.error,
      sha256: digest && isHashed ? hexOf(digest.hash) : null,
      detected: look.detected,
      refusal: look.refusal,
    };
  }

  /** Checksum: on a mismatch "the Server MUST discard the chunk". One that broke off cannot be compared. */
  private keepNothing({ algorithm }: UploadChecksum, pour: Pour, offset: number): StoredPiece {
    if (pour.end === 'complete') throw new ChecksumMismatch(algorithm);
    const { end, error } = pour;
    return { received: offset, end, error, sha256: null, detected: undefined, refusal: undefined };
  }
}

/** Looks at the beginning of a file as it comes. */
class Look {
  detected: DetectedType | undefined;
  refusal: string | undefined;
  readonly headBytes: number;

  constructor(
    private readonly upload: Upload,
    offset: number,
  ) {
    this.headBytes = offset === 0 && upload.kind === 'whole' ? headBytes : 0;
  }

  /** Answers whether the rest is welcome. */
  at(head: Buffer): boolean {
    this.detected = detectType(head);
    this.refusal = refusalOf(this.upload.declaredType, this.detected);
    return this.refusal === undefined;
  }
}

function fits({ digest }: UploadChecksum, compared: Hash, end: PourEnd): boolean {
  return end === 'complete' && compared.digest().equals(digest);
}

/** The hash itself goes on. */
function hexOf(hash: Hash): string {
  return hash.copy().digest('hex');
}
