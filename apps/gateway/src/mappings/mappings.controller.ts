import { Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  ChangeMappingRequest,
  CreateMappingRequest,
  type List,
  type MappingResource,
  PageQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { MappingsQueries } from './mappings.queries.js';
import { SaveMapping } from './save-mapping.js';

const MappingId = Param('id', new IdOf('mapping'));

@Controller('v1/mappings')
@RequiresScope('imports:write')
export class MappingsController {
  constructor(
    private readonly saveMapping: SaveMapping,
    private readonly mappings: MappingsQueries,
  ) {}

  @Post()
  async create(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(CreateMappingRequest) request: CreateMappingRequest,
  ): Promise<Reply> {
    return this.saveMapping.create(key, request);
  }

  @Get()
  @RequiresScope('imports:read')
  async list(
    @CurrentCaller() { tenantId }: Caller,
    @ValidQuery(PageQuery) query: PageQuery,
  ): Promise<List<MappingResource>> {
    return this.mappings.list(tenantId, query);
  }

  @Get(':id')
  @RequiresScope('imports:read')
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @MappingId id: string,
  ): Promise<MappingResource> {
    return this.mappings.get(tenantId, id);
  }

  @Patch(':id')
  async change(
    @CurrentCaller() { tenantId }: Caller,
    @MappingId id: string,
    @JsonBody(ChangeMappingRequest) change: ChangeMappingRequest,
  ): Promise<Reply> {
    return this.saveMapping.change(tenantId, id, change);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentCaller() { tenantId }: Caller, @MappingId id: string): Promise<void> {
    await this.saveMapping.remove(tenantId, id);
  }
}
