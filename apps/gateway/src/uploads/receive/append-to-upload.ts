import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { MessagingRuntime } from '@offload/messaging';
import { FileTooLarge, PartialMismatch, StorageFull } from '@offload/storage';
import { DataSource } from 'typeorm';
import { type Caller, messageContext } from '../../access/caller.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { findUpload } from '../get-upload.js';
import type { UploadLease } from '../leases/upload-lease.js';
import { UploadLeases } from '../leases/upload-leases.js';
import { UploadQuotas } from '../quotas/upload-quotas.js';
import { RemoveFiles } from '../remove-files.js';
import { PastTheEnd, ReceivingStopped, UploadLocked, ChecksumMismatch } from '../tus/tus.errors.js';
import { expiryOf } from '../upload-config.js';
import { UploadMetrics } from '../upload-metrics.js';
import { Upload } from '../upload.entity.js';
import {
  NoRoomForUpload,
  UnsupportedFileType,
  UploadAborted,
  UploadTooLarge,
} from '../uploads.errors.js';
import { rejected } from '../when-whole.js';
import { CompleteUpload } from './complete-upload.js';
import { judgePiece, type Piece } from './judge-piece.js';
import { ForeignBytes } from './receive.errors.js';
import { RecoverUpload } from './recover-upload.js';
import { type StoredPiece, StorePiece } from './store-piece.js';

type Config = Pick<
  GatewayConfig,
  'MAX_UPLOAD_BYTES' | 'UPLOAD_EXPIRES_HOURS' | 'UPLOAD_RETENTION_DAYS'
>;

/**
 * Adds the bytes of one request to an upload. The life of a PATCH:
 *
 * 1. Take the lease; a request that is still at it stops. What a dead one has left is written down first.
 * 2. Judge whether the bytes fit where the upload stands.
 * 3. Store them; what comes of a request that breaks off is kept, but for one with a checksum.
 * 4. With the last byte, make the file.
 * 5. In one transaction: end the lease, write down how far it is and what it has become, and send what has to
 *    follow. Before this nothing has happened for anybody else.
 *
 * What fails between 3 and 5 leaves the lease as a dead process would, and the next request finds out.
 */
@Injectable()
export class AppendToUpload {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly runtime: MessagingRuntime,
    private readonly leases: UploadLeases,
    private readonly recover: RecoverUpload,
    private readonly storePiece: StorePiece,
    private readonly complete: CompleteUpload,
    private readonly quotas: UploadQuotas,
    private readonly removeFiles: RemoveFiles,
    private readonly metrics: UploadMetrics,
  ) {}

  /** Answers the upload as it stands afterwards. */
  async execute(caller: Caller, id: string, source: Readable, piece: Piece): Promise<Upload> {
    const { manager } = this.dataSource;
    const found = await findUpload(manager, caller.tenantId, id);
    // What is whole needs no lease: the last request is being repeated, or sends too much.
    if (found.state !== 'receiving') {
      this.judge(found, piece);
      return found;
    }
    const isChecked = piece.checksum !== undefined;
    const taken = await this.leases.take(id, { isChecked });
    try {
      const upload = await this.recover.execute(caller, taken, { isChecked });
      const size = this.judge(upload, piece);
      if (upload.state !== 'receiving') return upload;
      upload.size = size;
      return await this.append(caller, upload, source, piece, taken.lease);
    } finally {
      await taken.lease.release(manager).catch(() => undefined);
      taken.lease.letGo();
    }
  }

  private judge(upload: Upload, piece: Piece): number | null {
    return judgePiece(upload, piece, { maxBytes: this.config.MAX_UPLOAD_BYTES });
  }

  private async append(
    caller: Caller,
    upload: Upload,
    source: Readable,
    piece: Piece,
    lease: UploadLease,
  ): Promise<Upload> {
    const { maxBytes, refusal } = await this.limitOf(upload, piece);
    try {
      const stored = await this.storePiece.execute(upload, source, piece, { lease, maxBytes });
      const after = await this.writeDown(caller, upload, stored, lease);
      if (after.state === 'rejected') await this.removeFiles.execute(after);
      answerEnd(stored, after, lease);
      return after;
    } catch (error) {
      if (isClean(error)) throw error;
      await lease.abandon(this.dataSource.manager).catch(() => undefined);
      if (error instanceof FileTooLarge) throw refusal();
      if (error instanceof StorageFull) throw new NoRoomForUpload({ cause: error, kept: true });
      throw error instanceof PartialMismatch ? new UploadLocked() : error;
    }
  }

  /** Up to where the upload may grow by this request, and why no further. */
  private async limitOf(
    { tenantId, size }: Upload,
    { offset, length, contentLength = 1 }: Piece,
  ): Promise<{ maxBytes: number; refusal: () => Error }> {
    // What was known at the beginning is reserved; what becomes known now is not yet.
    const isReserved = size !== null && length === undefined;
    const { manager } = this.dataSource;
    const room = isReserved
      ? await this.quotas.roomToday(manager, tenantId)
      : await this.quotas.room(manager, tenantId);
    const largest = size ?? this.config.MAX_UPLOAD_BYTES;
    const wanted = size === null || isReserved ? contentLength : size - offset;
    if (wanted > room.bytes) throw room.refusal();
    if (offset + room.bytes < largest) {
      return { maxBytes: offset + room.bytes, refusal: room.refusal };
    }
    return {
      maxBytes: largest,
      refusal: () => (size === null ? new UploadTooLarge(largest) : new PastTheEnd(size)),
    };
  }

  private async writeDown(
    caller: Caller,
    upload: Upload,
    stored: StoredPiece,
    lease: UploadLease,
  ): Promise<Upload> {
    const { received, sha256, detected, refusal } = stored;
    const isWhole = refusal === undefined && received === upload.size;
    if (!lease.isLive) throw new LeaseRanOut();
    const completion = isWhole
      ? await this.complete.finish(upload, { size: received, sha256, detected })
      : undefined;
    const after = await this.runtime.send(messageContext(caller), async (tx) => {
      await lease.end(tx);
      await this.quotas.note(tx, upload.tenantId, received - upload.received);
      const messages = completion ? await this.complete.store(tx, upload, completion) : [];
      if (!completion) await tx.update(Upload, { id: upload.id }, this.standing(upload, stored));
      return { result: await findUpload(tx, upload.tenantId, upload.id), messages };
    });
    this.metrics.received(received - upload.received);
    return after;
  }

  private standing(upload: Upload, { received, detected, refusal }: StoredPiece): Partial<Upload> {
    const after = refusal === undefined ? { state: upload.state } : rejected(refusal);
    return {
      ...after,
      size: upload.size,
      received,
      ...(detected && { detectedType: detected.type }),
      expiresAt: expiryOf(this.config, { state: after.state, kind: upload.kind }),
    };
  }
}

/** What its client is told when not everything has come, or is taken. Everything is written down by then. */
function answerEnd({ end, error }: StoredPiece, after: Upload, lease: UploadLease): void {
  if (after.state === 'rejected') throw new UnsupportedFileType(after.problemDetail ?? '');
  if (end === 'broken') throw new UploadAborted(error);
  if (end === 'stopped') {
    throw lease.stopReason === 'shutdown' ? new ReceivingStopped() : new UploadLocked();
  }
}

/** The bytes are stored and not written down; whoever has the lease now has counted them, or will. */
class LeaseRanOut extends UploadLocked {}

/** The row is right, whatever this request did. */
function isClean(error: unknown): boolean {
  if (error instanceof LeaseRanOut) return false;
  return [
    ChecksumMismatch,
    ForeignBytes,
    UnsupportedFileType,
    UploadAborted,
    ReceivingStopped,
    UploadLocked,
  ].some((kind) => error instanceof kind);
}
