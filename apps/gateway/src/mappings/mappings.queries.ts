import { Injectable } from '@nestjs/common';
import { type List, type MappingResource, pageOf, type PageQuery } from '@offload/contracts/http';
import { DataSource, LessThan } from 'typeorm';
import { getMapping } from './get-mapping.js';
import { mappingResource, SavedMapping } from './mapping.entity.js';

@Injectable()
export class MappingsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws NotFound. */
  async get(tenantId: string, id: string): Promise<MappingResource> {
    return mappingResource(await getMapping(this.dataSource.manager, tenantId, id));
  }

  /** The newest first: ids grow with time. */
  async list(tenantId: string, { limit, after }: PageQuery): Promise<List<MappingResource>> {
    const rows = await this.dataSource.manager.find(SavedMapping, {
      where: { tenantId, ...(after === undefined ? {} : { id: LessThan(after) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ id }) => id, mappingResource);
  }
}
