import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { Reply } from '../http/reply.js';
import { findUpload } from './get-upload.js';
import type { UploadLease } from './leases/upload-lease.js';
import { UploadLeases } from './leases/upload-leases.js';
import { RemoveFiles } from './remove-files.js';
import type { Upload } from './upload.entity.js';
import { FIND_UPLOAD_USES, type FindUploadUses } from './upload-uses.js';
import { UploadInUse } from './uploads.errors.js';

/**
 * Removes an upload; also the termination of tus.
 *
 * A request that still sends bytes of it is stopped first. From the commit on it is 404 for everybody; then its
 * bytes go. The row itself stays while an import speaks of it.
 */
@Injectable()
export class DeleteUpload {
  constructor(
    private readonly dataSource: DataSource,
    private readonly leases: UploadLeases,
    private readonly removeFiles: RemoveFiles,
    @Inject(FIND_UPLOAD_USES) private readonly findUses: FindUploadUses,
  ) {}

  /** Throws NotFound, UploadInUse, and UploadLocked when a request does not stop. */
  async execute({ tenantId }: Caller, id: string): Promise<Reply> {
    const found = await findUpload(this.dataSource.manager, tenantId, id);
    const mayBeWritten = found.state === 'receiving' && found.kind !== 'assembled';
    const deleted = mayBeWritten
      ? await this.underLease(id, (lease) => this.delete(tenantId, id, lease))
      : await this.delete(tenantId, id);
    await this.removeFiles.execute(deleted);
    return new Reply(204, {}, undefined);
  }

  private async underLease<T>(id: string, work: (lease: UploadLease) => Promise<T>): Promise<T> {
    const { lease } = await this.leases.take(id, { isChecked: false });
    const { manager } = this.dataSource;
    try {
      return await work(lease);
    } catch (error) {
      // What a dead holder has left over is still to be looked at.
      await lease.abandon(manager).catch(() => undefined);
      throw error;
    } finally {
      lease.letGo();
    }
  }

  /** The lock keeps out whoever is about to use it; what was about to use it before is seen. */
  private async delete(tenantId: string, id: string, lease?: UploadLease): Promise<Upload> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('select from upload where id = $1 for update', [id]);
      const upload = await findUpload(tx, tenantId, id);
      await this.refuseWhileInUse(tx, upload);
      await lease?.end(tx);
      await tx.query('update upload set deleted_at = now() where id = $1', [id]);
      return upload;
    });
  }

  private async refuseWhileInUse(tx: EntityManager, { id, kind }: Upload): Promise<void> {
    const use = (await this.findUses(tx, [id])).get(id);
    if (use?.isHeld) throw new UploadInUse(`${use.by} has not ended and reads it.`);
    if (kind !== 'part') return;
    const [assembled]: { id: string }[] = await tx.query(
      `select id from upload
        where parts @> array[$1]::uuid[] and state in ('receiving', 'received', 'scanning')
          and sha256 is null and deleted_at is null`,
      [id],
    );
    if (assembled) {
      throw new UploadInUse(`upload ${assembled.id} is to be put together from it.`);
    }
  }
}
