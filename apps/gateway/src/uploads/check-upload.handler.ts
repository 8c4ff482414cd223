import { Inject } from '@nestjs/common';
import { CheckUpload, type Outgoing } from '@offload/contracts';
import { Handles, type HandlerContext, type MessageHandler } from '@offload/messaging';
import { FileNotFound } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { afterCheck } from './check/after-check.js';
import { type Examination, ExamineUpload } from './check/examine-upload.js';
import { needsCheck } from './check/needs-check.js';
import { stayAwake } from './check/stay-awake.js';
import { Upload } from './upload.entity.js';

type Config = Pick<
  GatewayConfig,
  'SCAN_POLICY' | 'UPLOAD_EXPIRES_HOURS' | 'UPLOAD_RETENTION_DAYS' | 'IDLE_TRANSACTION_TIMEOUT_MS'
>;

/**
 * Makes an upload ready, or says why it is not: it is put together, looked at, hashed and scanned.
 *
 * The file may take minutes to read, and no row is locked meanwhile: whoever wants to can delete the upload,
 * and what was found out about it is then thrown away. A scanner that is away is tried for most of a day; after
 * that the upload is asked for again as soon as it answers (see rescan-uploads.ts).
 */
@Handles(CheckUpload, { queue: 'gateway.check-upload', prefetch: 2, attempts: 24 })
export class CheckUploadHandler implements MessageHandler<typeof CheckUpload> {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Config,
    private readonly examineUpload: ExamineUpload,
  ) {}

  async handle({ uploadId }: CheckUpload, { tx }: HandlerContext): Promise<Outgoing[]> {
    const upload = await this.find(tx, uploadId);
    if (!upload) return [];
    const examination = await this.examine(tx, upload);
    await tx.query('select from upload where id = $1 for update', [uploadId]);
    const current = await this.find(tx, uploadId);
    if (!current || !examination) return [];

    const now = new Date();
    await tx.update(
      Upload,
      { id: uploadId },
      afterCheck(current, examination, {
        policy: this.config.SCAN_POLICY,
        times: this.config,
        now,
      }),
    );
    await forgetParts(tx, uploadId);
    return [];
  }

  /** Undefined when there is nothing to be found out about it. */
  private async find(tx: EntityManager, id: string): Promise<Upload | undefined> {
    const upload = await tx.findOneBy(Upload, { id });
    return upload && needsCheck(upload, this.config.SCAN_POLICY) ? upload : undefined;
  }

  /** Undefined when the upload was deleted meanwhile, and its file with it. */
  private async examine(tx: EntityManager, upload: Upload): Promise<Examination | undefined> {
    try {
      return await stayAwake(tx, this.config.IDLE_TRANSACTION_TIMEOUT_MS, (gone) =>
        this.examineUpload.execute(tx, upload, gone),
      );
    } catch (error) {
      if (error instanceof FileNotFound && !(await this.find(tx, upload.id))) return undefined;
      throw error;
    }
  }
}

/** The parts of what is put together are not needed any more, unless something else is to be made of them. */
async function forgetParts(tx: EntityManager, assembledId: string): Promise<void> {
  await tx.query(
    `update upload part set deleted_at = now()
       from upload assembled
      where assembled.id = $1 and part.id = any(assembled.parts) and part.deleted_at is null
        and not exists (select from upload other
                         where other.parts @> array[part.id] and other.id <> $1 and other.sha256 is null
                           and other.state in ('receiving', 'received', 'scanning')
                           and other.deleted_at is null)`,
    [assembledId],
  );
}
