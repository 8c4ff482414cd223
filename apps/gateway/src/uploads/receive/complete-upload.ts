import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { CheckUpload, type Outgoing } from '@offload/contracts';
import { FileStore, PartialSpoiled } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import { type DetectedType, detectType, headBytes } from '../sniff/detect-type.js';
import { refusalOf } from '../sniff/refuse-type.js';
import { expiryOf } from '../upload-config.js';
import { Upload } from '../upload.entity.js';
import { whenWhole } from '../when-whole.js';
import { settleAssemblies } from './settle-assemblies.js';
import { SpoiledUpload } from './receive.errors.js';

type Config = Pick<
  GatewayConfig,
  'MAX_UPLOAD_BYTES' | 'SCAN_POLICY' | 'UPLOAD_EXPIRES_HOURS' | 'UPLOAD_RETENTION_DAYS'
>;

/** What is written down of an upload whose last byte has come. */
export type Completion = Partial<Upload> & Pick<Upload, 'state'>;

/**
 * Ends the receiving of an upload: its bytes become a file, and the upload ready, or whatever it is then.
 *
 * First the file, then the row: who finds a row that says “receiving” beside a finished file makes up for it.
 */
@Injectable()
export class CompleteUpload {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Config,
    private readonly files: FileStore,
  ) {}

  /**
   * Makes the bytes a file and decides what the upload is. Safe to call twice. Throws SpoiledUpload when the
   * file is not what has come.
   */
  async finish(
    upload: Upload,
    {
      size,
      sha256,
      detected,
    }: { size: number; sha256: string | null; detected?: DetectedType | undefined },
  ): Promise<Completion> {
    await this.makeFile(upload.storageKey, size);
    const { kind, declaredType } = upload;
    const type = kind === 'part' ? undefined : (detected ?? (await this.look(upload.storageKey)));
    const refusal = type && refusalOf(declaredType, type);
    const { fields } = whenWhole({ kind, sha256, refusal }, this.config.SCAN_POLICY);
    return {
      ...fields,
      size,
      received: size,
      sha256: kind === 'part' ? null : sha256,
      detectedType: type?.type ?? null,
      expiresAt: expiryOf(this.config, { state: fields.state, kind }),
    };
  }

  /** Writes it down. Must run in the transaction that ends the lease. Answers what has to follow. */
  async store(tx: EntityManager, upload: Upload, completion: Completion): Promise<Outgoing[]> {
    await tx.update(Upload, { id: upload.id }, completion);
    if (upload.kind === 'part') return settleAssemblies(tx, upload.id, this.config);
    const isChecked = completion.state === 'ready' || completion.state === 'rejected';
    return isChecked ? [] : [CheckUpload({ uploadId: upload.id })];
  }

  private async makeFile(key: string, size: number): Promise<void> {
    const file = await this.files.finish(key).catch(async (error: unknown) => {
      if (!(error instanceof PartialSpoiled)) throw error;
      await this.files.discard(key);
      throw new SpoiledUpload(error);
    });
    if (file.size === size) return;
    await this.files.remove(key);
    throw new SpoiledUpload();
  }

  private async look(key: string): Promise<DetectedType> {
    return detectType(await buffer(await this.files.read(key, { from: 0, to: headBytes })));
  }
}
