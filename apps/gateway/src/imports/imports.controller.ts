import { Controller, Get, Param, Post } from '@nestjs/common';
import {
  CreateImportRequest,
  type ImportResource,
  type List,
  ListImportsQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { AcceptImport } from './accept-import.js';
import { hasEnded } from './import.entity.js';
import { ImportsQueries } from './imports.queries.js';

@Controller('v1/imports')
@RequiresScope('imports:read')
export class ImportsController {
  constructor(
    private readonly acceptImport: AcceptImport,
    private readonly imports: ImportsQueries,
  ) {}

  @Post()
  @RequiresScope('imports:write')
  async create(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(CreateImportRequest) request: CreateImportRequest,
  ): Promise<Reply> {
    return this.acceptImport.execute(key, request);
  }

  @Get()
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @ValidQuery(ListImportsQuery) query: ListImportsQuery,
  ): Promise<List<ImportResource>> {
    return this.imports.list(tenantId, query);
  }

  @Get(':id')
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', new IdOf('import')) id: string,
  ): Promise<Reply> {
    const resource = await this.imports.get(tenantId, id);
    return new Reply(200, hasEnded(resource.state) ? {} : { 'Retry-After': '1' }, resource);
  }
}
