import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../access/caller.js';
import { Reply } from '../../http/reply.js';
import { findUpload } from '../get-upload.js';
import { UploadLeases } from '../leases/upload-leases.js';
import { refuseGone } from '../receive/judge-piece.js';
import { RecoverUpload } from '../receive/recover-upload.js';
import type { Upload } from '../upload.entity.js';
import { uploadHeaders } from './tus-answers.js';

/**
 * Tells where to go on with an upload.
 *
 * Who asks has lost the connection over which bytes were sent, even if this end does not know it yet: so a
 * request that is still at it is stopped first, and its bytes are counted.
 */
@Injectable()
export class TellOffset {
  constructor(
    private readonly dataSource: DataSource,
    private readonly leases: UploadLeases,
    private readonly recover: RecoverUpload,
  ) {}

  async execute(caller: Caller, id: string): Promise<Reply> {
    const found = await findUpload(this.dataSource.manager, caller.tenantId, id);
    const isOpen = found.state === 'receiving' && found.kind !== 'assembled';
    const upload =
      isOpen && (await this.leases.isTaken(id)) ? await this.settle(caller, id) : found;
    refuseGone(upload);
    return new Reply(200, uploadHeaders(upload), undefined);
  }

  private async settle(caller: Caller, id: string): Promise<Upload> {
    const taken = await this.leases.take(id, { isChecked: false });
    const { manager } = this.dataSource;
    try {
      const upload = await this.recover.execute(caller, taken);
      await taken.lease.release(manager);
      return upload;
    } catch (error) {
      await taken.lease.abandon(manager).catch(() => undefined);
      throw error;
    } finally {
      taken.lease.letGo();
    }
  }
}
