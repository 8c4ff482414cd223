import { Controller, Get, Param } from '@nestjs/common';
import {
  type DatasetResource,
  type DatasetRow,
  type List,
  ListDatasetsQuery,
  ListRowsQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { ValidQuery } from '../http/request-parts.js';
import { DatasetsQueries } from './datasets.queries.js';

@Controller('v1/datasets')
@RequiresScope('datasets:read')
export class DatasetsController {
  constructor(private readonly datasets: DatasetsQueries) {}

  @Get()
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @ValidQuery(ListDatasetsQuery) query: ListDatasetsQuery,
  ): Promise<List<DatasetResource>> {
    return this.datasets.list(tenantId, query);
  }

  @Get(':name')
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('name') name: string,
  ): Promise<DatasetResource> {
    return this.datasets.get(tenantId, name);
  }

  @Get(':name/rows')
  async listRows(
    @CurrentCaller() { tenantId }: Caller,
    @Param('name') name: string,
    @ValidQuery(ListRowsQuery) query: ListRowsQuery,
  ): Promise<List<DatasetRow>> {
    return this.datasets.listRows(tenantId, name, query);
  }
}
