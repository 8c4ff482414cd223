import { Injectable } from '@nestjs/common';
import {
  type ImportResource,
  type List,
  type ListImportsQuery,
  pageOf,
} from '@offload/contracts/http';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { WorkHolds } from '../events/work-holds.js';
import { NotFound } from '../http/request-parts.js';
import { Import } from './import.entity.js';
import { importResource } from './import-resource.js';

@Injectable()
export class ImportsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly holds: WorkHolds,
  ) {}

  /** Throws NotFound, for the id of another tenant too. */
  async get(tenantId: string, id: string): Promise<ImportResource> {
    const run = await this.find(this.dataSource.manager, tenantId, id);
    if (!run) throw new NotFound('import', id);
    return this.resourceOf(run);
  }

  async find(tx: EntityManager, tenantId: string, id: string): Promise<Import | null> {
    return tx.findOneBy(Import, { id, tenantId });
  }

  /** What people see of it at this moment. */
  resourceOf(run: Import): ImportResource {
    return importResource(run, this.holds.of('import'));
  }

  /** The newest first: ids grow with time. */
  async list(
    tenantId: string,
    { limit, after, state, dataset }: ListImportsQuery,
  ): Promise<List<ImportResource>> {
    const rows = await this.dataSource.manager.find(Import, {
      where: {
        tenantId,
        ...(state === undefined ? {} : { state }),
        ...(dataset === undefined ? {} : { dataset }),
        ...(after === undefined ? {} : { id: LessThan(after) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (run) => this.resourceOf(run),
    );
  }
}
