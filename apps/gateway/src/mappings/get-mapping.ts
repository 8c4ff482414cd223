import type { EntityManager } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { SavedMapping } from './mapping.entity.js';

/** A saved mapping of this tenant. Throws NotFound. */
export async function getMapping(
  tx: EntityManager,
  tenantId: string,
  id: string,
): Promise<SavedMapping> {
  const saved = await tx.findOneBy(SavedMapping, { id, tenantId });
  if (!saved) throw new NotFound('mapping', id);
  return saved;
}
