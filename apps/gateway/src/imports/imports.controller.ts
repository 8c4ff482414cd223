import { Controller, Get, Param, Post } from '@nestjs/common';
import {
  CreateImportRequest,
  type ImportResource,
  type List,
  ListImportsQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { PreferWait } from '../http/prefer-wait.js';
import { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { AcceptImport } from './accept-import.js';
import { isAtRest } from './import-states.js';
import { ImportsQueries } from './imports.queries.js';
import { WaitForImport } from './wait-for-import.js';

@Controller('v1/imports')
@RequiresScope('imports:read')
export class ImportsController {
  constructor(
    private readonly acceptImport: AcceptImport,
    private readonly imports: ImportsQueries,
    private readonly wait: WaitForImport,
  ) {}

  @Post()
  @RequiresScope('imports:write')
  async create(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(CreateImportRequest) request: CreateImportRequest,
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    const reply = await this.acceptImport.execute(key, request);
    return this.wait.answer(key.caller.tenantId, reply, waitS);
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
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    const resource = await this.imports.get(tenantId, id);
    const headers: Record<string, string> = isAtRest(resource.state) ? {} : { 'Retry-After': '1' };
    return this.wait.answer(tenantId, new Reply(200, headers, resource), waitS);
  }
}
