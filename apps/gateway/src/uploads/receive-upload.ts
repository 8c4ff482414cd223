import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { CheckUpload } from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import { Shutdown } from '@offload/platform';
import { FileStore, FileTooLarge, StorageFull, type StoredFile } from '@offload/storage';
import { DataSource } from 'typeorm';
import { messageContext } from '../access/caller.js';
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
import { newUpload } from './new-upload.js';
import { type Room, UploadQuotas } from './quotas/upload-quotas.js';
import { type DetectedType, detectType, headBytes } from './sniff/detect-type.js';
import { refusalOf } from './sniff/refuse-type.js';
import { expiryOf } from './upload-config.js';
import { UploadMetrics } from './upload-metrics.js';
import { uploadResource } from './upload-resource.js';
import { Upload } from './upload.entity.js';
import {
  EmptyFile,
  NoRoomForUpload,
  UnsupportedFileType,
  UploadAborted,
  UploadStopped,
  UploadTooLarge,
} from './uploads.errors.js';
import { whenWhole } from './when-whole.js';

/** How often the lease of a slow upload is refreshed, as long as bytes flow. */
const refreshEveryMs = 10_000;

type Config = Pick<
  GatewayConfig,
  'MAX_UPLOAD_BYTES' | 'SCAN_POLICY' | 'UPLOAD_EXPIRES_HOURS' | 'UPLOAD_RETENTION_DAYS'
>;

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
    @Inject(GATEWAY_CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly runtime: MessagingRuntime,
    private readonly files: FileStore,
    private readonly quotas: UploadQuotas,
    private readonly metrics: UploadMetrics,
    private readonly shutdown: Shutdown,
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
    const { fileName, declaredType } = file;
    const upload = newUpload({ tenantId, fileName, declaredType, kind: 'whole' });
    const { size, sha256, detected } = await this.store(upload, file);
    const { fields, needsCheck } = whenWhole(
      { kind: 'whole', sha256, refusal: undefined },
      this.config.SCAN_POLICY,
    );
    Object.assign(upload, fields, {
      size,
      received: size,
      sha256,
      detectedType: detected.type,
      expiresAt: expiryOf(this.config, { state: fields.state, kind: 'whole' }),
    });
    const reply = new Reply(201, { Location: `/v1/uploads/${upload.id}` }, uploadResource(upload));
    try {
      await this.runtime.send(messageContext(request.caller), async (tx) => {
        await lease?.confirm(tx);
        await this.quotas.admit(tx, tenantId, size);
        await tx.insert(Upload, upload);
        if (hasKey(request)) {
          await storeReply(tx, request, { fingerprint: fileFingerprint(file, sha256), reply });
        }
        const messages = needsCheck ? [CheckUpload({ uploadId: upload.id })] : [];
        return { result: undefined, messages };
      });
    } catch (error) {
      await this.removeUnlessCommitted(upload);
      throw error;
    }
    this.metrics.received(size);
    return reply;
  }

  /** Nothing is left behind when it throws. */
  private async store(
    { tenantId, storageKey, declaredType }: Upload,
    file: IncomingFile,
  ): Promise<StoredFile & { detected: DetectedType }> {
    const { maxBytes, refusal } = this.limitIn(
      await this.quotas.room(this.dataSource.manager, tenantId),
    );
    const stored = await this.files
      .put(storageKey, file.stream, { maxBytes, stop: this.shutdown.ending })
      .catch(async (error: unknown) => {
        if (error instanceof FileTooLarge) throw refusal();
        if (error === this.shutdown.ending.reason) throw new UploadStopped();
        if (error instanceof StorageFull) throw new NoRoomForUpload({ cause: error });
        throw await explainBreak(error, file);
      });
    try {
      if (stored.size === 0) throw new EmptyFile();
      await file.complete();
      return { ...stored, detected: await this.look(storageKey, declaredType) };
    } catch (error) {
      await this.files.remove(storageKey);
      throw error;
    }
  }

  private limitIn({ bytes, refusal }: Room): { maxBytes: number; refusal: () => Error } {
    const maxBytes = this.config.MAX_UPLOAD_BYTES;
    return bytes < maxBytes
      ? { maxBytes: bytes, refusal }
      : { maxBytes, refusal: () => new UploadTooLarge(maxBytes) };
  }

  /** Reads the beginning back: to look at it on its way would cost every upload, and this costs little. */
  private async look(storageKey: string, declaredType: string | null): Promise<DetectedType> {
    const head = await buffer(await this.files.read(storageKey, { from: 0, to: headBytes }));
    const detected = detectType(head);
    const refusal = refusalOf(declaredType, detected);
    if (refusal !== undefined) throw new UnsupportedFileType(refusal);
    return detected;
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
      if (this.shutdown.ending.aborted) throw new UploadStopped();
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
