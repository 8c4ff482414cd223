import { Injectable } from '@nestjs/common';
import type { ChangeMappingRequest, CreateMappingRequest } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { Reply } from '../http/reply.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { getMapping } from './get-mapping.js';
import { mappingResource, SavedMapping } from './mapping.entity.js';
import { NameTaken } from './mappings.errors.js';

/** Saves, changes and deletes mappings. None of it touches an import that was accepted. */
@Injectable()
export class SaveMapping {
  constructor(
    private readonly acceptOnce: AcceptOnce,
    private readonly dataSource: DataSource,
  ) {}

  /** Throws NameTaken. */
  async create(key: RequestKey, request: CreateMappingRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, request, async (tx) => {
      const now = new Date();
      const saved = Object.assign(new SavedMapping(), {
        id: v7(),
        tenantId: key.caller.tenantId,
        name: request.name,
        mapping: request.mapping,
        source: request.source ?? {},
        values: request.values ?? {},
        createdAt: now,
        changedAt: now,
      });
      await mustBeFree(tx, saved);
      await tx.insert(SavedMapping, saved);
      const resource = mappingResource(saved);
      return { reply: new Reply(201, { Location: resource.links.self }, resource), messages: [] };
    });
  }

  /** Throws NotFound or NameTaken. */
  async change(tenantId: string, id: string, change: ChangeMappingRequest): Promise<Reply> {
    return this.dataSource.transaction(async (tx) => {
      const saved = await getMapping(tx, tenantId, id);
      const given = Object.entries(change).filter(([, part]) => part !== undefined);
      Object.assign(saved, Object.fromEntries(given), { changedAt: new Date() });
      await mustBeFree(tx, saved);
      await tx.save(saved);
      return new Reply(200, {}, mappingResource(saved));
    });
  }

  /** Throws NotFound. */
  async remove(tenantId: string, id: string): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.remove(await getMapping(tx, tenantId, id));
    });
  }
}

/** Until the end of the transaction nobody else takes the name. */
async function mustBeFree(
  tx: EntityManager,
  { id, tenantId, name }: Pick<SavedMapping, 'id' | 'tenantId' | 'name'>,
): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    JSON.stringify(['mapping', tenantId, name]),
  ]);
  const other = await tx.findOneBy(SavedMapping, { tenantId, name });
  if (other && other.id !== id) throw new NameTaken(name);
}
