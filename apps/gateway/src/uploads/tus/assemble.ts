import type { Outgoing } from '@offload/contracts';
import { type EntityManager, In } from 'typeorm';
import { NotFound } from '../../http/request-parts.js';
import { type AssemblyLimits, settle } from '../receive/settle-assemblies.js';
import { expiryOf, type UploadTimes } from '../upload-config.js';
import { Upload } from '../upload.entity.js';
import { UploadTooLarge } from '../uploads.errors.js';
import { InvalidUploadHeader } from './tus.errors.js';

type Config = UploadTimes & AssemblyLimits;

/**
 * Stores an upload that is put together from parts, also from such as are not whole yet. Must run in one
 * transaction. Answers what has to follow.
 *
 * The parts are locked until the commit, so one that becomes whole at this moment either is seen here or sees
 * what waits for it. Throws NotFound for a part that the tenant does not have.
 */
export async function assemble(
  tx: EntityManager,
  upload: Upload,
  config: Config,
): Promise<Outgoing[]> {
  const named = upload.parts ?? [];
  const parts = await tx.find(Upload, {
    where: { id: In(named), tenantId: upload.tenantId },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_read' },
  });
  const byId = new Map(parts.map((part) => [part.id, part]));
  const size = named.reduce((sum, id) => sum + (usable(byId.get(id), id).size ?? 0), 0);
  if (size > config.MAX_UPLOAD_BYTES) throw new UploadTooLarge(config.MAX_UPLOAD_BYTES);

  await tx.insert(Upload, upload);
  const messages = await settle(tx, upload.id, config);
  if (messages.length > 0) {
    const expiresAt = expiryOf(config, { state: 'received', kind: 'assembled' });
    await tx.update(Upload, { id: upload.id }, { expiresAt });
  }
  return messages;
}

function usable(part: Upload | undefined, id: string): Upload {
  if (!part || part.deletedAt !== null || part.state === 'expired')
    throw new NotFound('upload', id);
  if (part.kind !== 'part') {
    throw new InvalidUploadHeader(
      'Upload-Concat',
      `upload ${id} was not begun as a part, with “Upload-Concat: partial”`,
    );
  }
  return part;
}
