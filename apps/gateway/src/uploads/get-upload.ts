import type { EntityManager } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { Upload } from './upload.entity.js';
import { UploadNotReady } from './uploads.errors.js';

/** An upload whose file can be used. */
export type ReadyUpload = Upload & { size: number; sha256: string };

/**
 * An upload of this tenant that can be used. Throws NotFound, or UploadNotReady with how it stands.
 *
 * Whoever means to use it reads it in the transaction that says so: until that has ended, nobody removes it.
 */
export async function getUpload(
  tx: EntityManager,
  tenantId: string,
  id: string,
): Promise<ReadyUpload> {
  // Without a transaction the lock ends with the statement and does no harm.
  await tx.query('select from upload where id = $1 for share', [id]);
  const upload = await findUpload(tx, tenantId, id);
  if (!isReady(upload)) throw new UploadNotReady(upload);
  return upload;
}

/** An upload of this tenant, however it stands. Throws NotFound, also for one that was deleted. */
export async function findUpload(tx: EntityManager, tenantId: string, id: string): Promise<Upload> {
  const upload = await tx.findOneBy(Upload, { id, tenantId });
  if (!upload || upload.deletedAt !== null) throw new NotFound('upload', id);
  return upload;
}

/** Whether its file can be used. */
export function isReady(upload: Upload): upload is ReadyUpload {
  return upload.state === 'ready' && upload.size !== null && upload.sha256 !== null;
}
