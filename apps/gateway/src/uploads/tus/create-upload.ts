import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Outgoing } from '@offload/contracts';
import { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { Reply } from '../../http/reply.js';
import { AcceptOnce } from '../../idempotency/accept-once.js';
import type { RequestKey } from '../../idempotency/request-key.js';
import { cleanFileName } from '../file-name.js';
import { newUpload } from '../new-upload.js';
import { UploadQuotas } from '../quotas/upload-quotas.js';
import { expiryOf } from '../upload-config.js';
import { uploadResource } from '../upload-resource.js';
import { Upload } from '../upload.entity.js';
import { EmptyFile, UploadTooLarge } from '../uploads.errors.js';
import { assemble } from './assemble.js';
import { uploadHeaders } from './tus-answers.js';
import type { Creation } from './read-creation.js';

type Config = Pick<
  GatewayConfig,
  'MAX_UPLOAD_BYTES' | 'UPLOAD_EXPIRES_HOURS' | 'UPLOAD_RETENTION_DAYS' | 'SCAN_POLICY'
>;

/** Begins a resumable upload, or one that is put together from parts; once for each Idempotency-Key. */
@Injectable()
export class CreateUpload {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Config,
    private readonly acceptOnce: AcceptOnce,
    private readonly files: FileStore,
    private readonly quotas: UploadQuotas,
  ) {}

  async execute(key: RequestKey, creation: Creation): Promise<Reply> {
    const upload = this.begun(key.caller.tenantId, creation);
    return this.acceptOnce.execute(key, creation, async (tx) => {
      const messages = await this.store(tx, upload);
      const stored = await tx.findOneByOrFail(Upload, { id: upload.id });
      const headers = { Location: `/v1/uploads/${upload.id}`, ...uploadHeaders(stored) };
      return { reply: new Reply(201, headers, uploadResource(stored)), messages };
    });
  }

  private begun(tenantId: string, creation: Creation): Upload {
    const { size, concat, parts, metadata, fileName, declaredType } = creation;
    const { MAX_UPLOAD_BYTES: maxBytes } = this.config;
    const kind = parts ? 'assembled' : concat === null ? 'whole' : 'part';
    if (size !== null && size > maxBytes) throw new UploadTooLarge(maxBytes);
    if (size === 0 && kind === 'whole') throw new EmptyFile();
    // A part may be empty: a client that cuts a file in four does not look whether it has four bytes.
    const state = size === 0 ? 'received' : 'receiving';
    return newUpload({
      tenantId,
      kind,
      state,
      fileName: cleanFileName(fileName),
      declaredType: declaredType ?? null,
      size,
      metadata,
      concat,
      parts: parts ?? null,
      expiresAt: expiryOf(this.config, { state, kind }),
    });
  }

  private async store(tx: EntityManager, upload: Upload): Promise<Outgoing[]> {
    if (upload.kind === 'assembled') return assemble(tx, upload, this.config);
    if (upload.state === 'received') await this.storeNothing(upload);
    await this.quotas.reserve(tx, upload.tenantId, upload.size);
    await tx.insert(Upload, upload);
    return [];
  }

  private async storeNothing({ storageKey }: Upload): Promise<void> {
    await this.files.append(storageKey, Readable.from([]), { offset: 0 });
    await this.files.finish(storageKey);
  }
}
