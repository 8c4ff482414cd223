import { Injectable } from '@nestjs/common';
import { MessagingRuntime } from '@offload/messaging';
import { FileNotFound, FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { type Caller, messageContext } from '../../access/caller.js';
import { findUpload } from '../get-upload.js';
import type { TakenLease } from '../leases/upload-leases.js';
import { UploadQuotas } from '../quotas/upload-quotas.js';
import { UploadMetrics } from '../upload-metrics.js';
import { Upload } from '../upload.entity.js';
import { CompleteUpload } from './complete-upload.js';
import { DataSource } from 'typeorm';

/**
 * Reads an upload under a fresh lease, and makes up for what the holder before has not written down.
 *
 * 1. A holder that gave its lease back has written down how far it came: the row is right.
 * 2. One that died may have stored more. The storage says how much, and that counts, because bytes are only
 *    ever added to the end; but not those of a request with a checksum, which nobody has compared.
 * 3. One that died over the last step leaves a finished file beside a row that says “receiving”.
 */
@Injectable()
export class RecoverUpload {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runtime: MessagingRuntime,
    private readonly files: FileStore,
    private readonly complete: CompleteUpload,
    private readonly quotas: UploadQuotas,
    private readonly metrics: UploadMetrics,
  ) {}

  /** Throws NotFound when it was deleted meanwhile. */
  async execute(
    caller: Caller,
    { lease, leftOver }: TakenLease,
    { isChecked = false }: { isChecked?: boolean } = {},
  ): Promise<Upload> {
    const read = (tx: EntityManager): Promise<Upload> =>
      findUpload(tx, caller.tenantId, lease.uploadId);
    const upload = await read(this.dataSource.manager);
    if (leftOver === 'nothing' || upload.state !== 'receiving') return upload;

    const found = await this.lookInStorage(upload, leftOver);
    const completion = found.isWhole
      ? await this.complete.finish(upload, { size: found.received, sha256: null })
      : undefined;
    const after = await this.runtime.send(messageContext(caller), async (tx) => {
      await lease.settleLeftOver(tx, { isChecked });
      await this.quotas.note(tx, upload.tenantId, Math.max(0, found.received - upload.received));
      const messages = completion ? await this.complete.store(tx, upload, completion) : [];
      if (!completion) await tx.update(Upload, { id: upload.id }, { received: found.received });
      return { result: await read(tx), messages };
    });
    this.metrics.received(found.received - upload.received);
    return after;
  }

  private async lookInStorage(
    { storageKey, size, received }: Upload,
    leftOver: 'bytes' | 'unchecked',
  ): Promise<{ received: number; isWhole: boolean }> {
    const finished = await this.sizeOfFile(storageKey);
    if (finished !== undefined) {
      if (size === null || finished === size) return { received: finished, isWhole: true };
      // Two have written to it: see store-piece.ts.
      await this.files.remove(storageKey);
      return { received: 0, isWhole: false };
    }
    if (leftOver === 'unchecked') return { received, isWhole: false };
    const { offset } = await this.files.partial(storageKey);
    if (size !== null && offset > size) return { received, isWhole: false };
    return { received: offset, isWhole: offset === size };
  }

  private async sizeOfFile(key: string): Promise<number | undefined> {
    try {
      return (await this.files.stat(key)).size;
    } catch (error) {
      if (error instanceof FileNotFound) return undefined;
      throw error;
    }
  }
}
