import { Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import {
  CreateDatasetRequest,
  type DatasetResource,
  ExtendDatasetRequest,
  type List,
  ListDatasetsQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Reply } from '../http/reply.js';
import { JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { AwaitDataset } from './await-dataset.js';
import { CreateDataset } from './create-dataset.js';
import { DatasetsQueries } from './datasets.queries.js';
import { DropDataset } from './drop-dataset.js';
import { ExtendDataset } from './extend-dataset.js';
import { PreferredWait } from './prefer-wait.js';

@Controller('v1/datasets')
@RequiresScope('datasets:write')
export class DatasetsController {
  constructor(
    private readonly createDataset: CreateDataset,
    private readonly extendDataset: ExtendDataset,
    private readonly dropDataset: DropDataset,
    private readonly awaitDataset: AwaitDataset,
    private readonly datasets: DatasetsQueries,
  ) {}

  @Post()
  async create(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(CreateDatasetRequest) request: CreateDatasetRequest,
    @PreferredWait() seconds: number,
  ): Promise<Reply> {
    const accepted = await this.createDataset.execute(key, request);
    const { tenantId } = key.caller;
    const { name } = request;
    return this.awaitDataset.execute(accepted, { tenantId, name }, { seconds, doneStatus: 201 });
  }

  @Get()
  @RequiresScope('datasets:read')
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @ValidQuery(ListDatasetsQuery) query: ListDatasetsQuery,
  ): Promise<List<DatasetResource>> {
    return this.datasets.list(tenantId, query);
  }

  @Get(':name')
  @RequiresScope('datasets:read')
  async show(@CurrentCaller() { tenantId }: Caller, @Param('name') name: string): Promise<Reply> {
    return this.datasets.show(tenantId, name);
  }

  @Patch(':name')
  async extend(
    @IdempotentRequest() key: RequestKey,
    @Param('name') name: string,
    @JsonBody(ExtendDatasetRequest) request: ExtendDatasetRequest,
    @PreferredWait() seconds: number,
  ): Promise<Reply> {
    const accepted = await this.extendDataset.execute(key, name, request);
    const { tenantId } = key.caller;
    return this.awaitDataset.execute(accepted, { tenantId, name }, { seconds, doneStatus: 200 });
  }

  @Delete(':name')
  async drop(
    @IdempotentRequest() key: RequestKey,
    @Param('name') name: string,
    @PreferredWait() seconds: number,
  ): Promise<Reply> {
    const accepted = await this.dropDataset.execute(key, name);
    const { tenantId } = key.caller;
    return this.awaitDataset.execute(accepted, { tenantId, name }, { seconds, doneStatus: 200 });
  }
}
