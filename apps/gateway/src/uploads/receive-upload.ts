import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { FileStore, FileTooLarge, StorageFull, type StoredFile } from '@offload/storage';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { Reply } from '../http/reply.js';
import { fingerprint } from '../idempotency/idempotency-key.js';
import { Lease } from '../idempotency/lease.js';
import { hasKey, type KeyedRequest, type RequestKey } from '../idempotency/request-key.js';
import {
  findReply,
  replayOf,
  storeReply,
  type StoredReply,
} from '../idempotency/stored-replies.js';
import type { IncomingFile } from './incoming-file.js';
import { Upload, uploadResource } from './upload.entity.js';
import { EmptyFile, NoRoomForUpload, UploadAborted, UploadTooLarge } from './uploads.errors.js';

/** How often the lease of a slow upload is refreshed, as long as bytes flow. */
const refreshEveryMs = 10_000;

/**
 * Receives a file, once for each Idempotency-Key.
 *
 * The file is stored first and the row after it, so there is no row without its file; a file whose
 * row could not be stored is removed. While a keyed file is received the key is held by a lease, and a
 * repetition of a finished upload is read to be compared but not stored again.
 */
@Injectable()
export class ReceiveUpload {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'MAX_UPLOAD_BYTES'>,
    private readonly dataSource: DataSource,
    private readonly files: FileStore,
  ) {}

  async execute(request: RequestKey, file: IncomingFile): Promise<Reply> {
    try {
      return hasKey(request)
        ? await this.receiveOnce(request, file)
        : await this.receive(request, file);
    } finally {
      file.abandon();
    }
  }

  private async receiveOnce(request: KeyedRequest, file: IncomingFile): Promise<Reply> {
    const earlier = await findReply(this.dataSource.manager, request);
    if (earlier) return this.compare(earlier, file);
    const lease = await Lease.take(this.dataSource, request);
    const stopRefreshing = keepAlive(lease, file);
    try {
      // The first one may have finished between the look and the lease.
      const finished = await findReply(this.dataSource.manager, request);
      return finished
        ? await this.compare(finished, file)
        : await this.receive(request, file, lease);
    } finally {
      stopRefreshing();
      await lease.release();
    }
  }

  private async receive(request: RequestKey, file: IncomingFile, lease?: Lease): Promise<Reply> {
    const { tenantId } = request.caller;
    const id = v7();
    const storageKey = `${tenantId}/${id}`;
    const { size, sha256 } = await this.store(storageKey, file);
    const { fileName, declaredType } = file;
    const createdAt = new Date();
    const upload = { id, tenantId, fileName, declaredType, size, sha256, storageKey, createdAt };
    const reply = new Reply(201, { Location: `/v1/uploads/${id}` }, uploadResource(upload));
    try {
      await this.dataSource.transaction(async (tx) => {
        await lease?.confirm(tx);
        await tx.insert(Upload, upload);
        if (!hasKey(request)) return;
        await storeReply(tx, request, { fingerprint: fileFingerprint(file, sha256), reply });
      });
    } catch (error) {
      await this.removeUnlessCommitted(upload);
      throw error;
    }
    return reply;
  }

  /** Nothing is left behind when it throws. */
  private async store(storageKey: string, file: IncomingFile): Promise<StoredFile> {
    const maxBytes = this.config.MAX_UPLOAD_BYTES;
    const stored = await this.files
      .put(storageKey, file.stream, { maxBytes })
      .catch(async (error: unknown) => {
        if (error instanceof FileTooLarge) throw new UploadTooLarge(maxBytes);
        if (error instanceof StorageFull) throw new NoRoomForUpload(error);
        throw await explainBreak(error, file);
      });
    try {
      if (stored.size === 0) throw new EmptyFile();
      await file.complete();
      return stored;
    } catch (error) {
      await this.files.remove(storageKey);
      throw error;
    }
  }

  /**
   * A connection that breaks during the commit leaves open whether it happened: a file too many is
   * only untidy, a row whose file is gone would be a lie.
   */
  private async removeUnlessCommitted({ id, storageKey }: Upload): Promise<void> {
    const mayBeCommitted = await this.dataSource.manager.existsBy(Upload, { id }).catch(() => true);
    if (!mayBeCommitted) await this.files.remove(storageKey);
  }

  /** Reads the repeated file without keeping it. */
  private async compare(earlier: StoredReply, file: IncomingFile): Promise<Reply> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of file.stream.iterator({ destroyOnReturn: false })) {
      const bytes = part as Buffer;
      size += bytes.length;
      if (size > this.config.MAX_UPLOAD_BYTES)
        throw new UploadTooLarge(this.config.MAX_UPLOAD_BYTES);
      hash.update(bytes);
    }
    await file.complete();
    return replayOf(earlier, fileFingerprint(file, hash.digest('hex')));
  }
}

/** The content and what the client said of it; not the form around it, whose boundary is never the same. */
function fileFingerprint({ fileName, declaredType }: IncomingFile, sha256: string): Buffer {
  return fingerprint([sha256, fileName, declaredType]);
}

function keepAlive(lease: Lease, file: IncomingFile): () => void {
  let seen = file.received();
  const timer = setInterval(() => {
    const received = file.received();
    // A failed refresh costs the lease at worst, and then `confirm` refuses the upload.
    if (received > seen) lease.refresh().catch(() => undefined);
    seen = received;
  }, refreshEveryMs);
  return () => clearInterval(timer);
}

/** A stream that breaks off is the client's doing; anything else is ours and stays what it is. */
async function explainBreak(error: unknown, file: IncomingFile): Promise<unknown> {
  const hasBrokenOff = file.stream.destroyed && !file.stream.readableEnded;
  if (!hasBrokenOff) return error;
  return file.complete().then(
    () => new UploadAborted(error),
    (reason: unknown) => reason,
  );
}
