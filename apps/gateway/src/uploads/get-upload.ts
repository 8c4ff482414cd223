import type { EntityManager } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { Upload } from './upload.entity.js';

/** An upload of this tenant. Throws NotFound. */
export async function getUpload(tx: EntityManager, tenantId: string, id: string): Promise<Upload> {
  const upload = await tx.findOneBy(Upload, { id, tenantId });
  if (!upload) throw new NotFound('upload', id);
  return upload;
}
