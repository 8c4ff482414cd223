import { Controller, Param, Post, Req } from '@nestjs/common';
import { CancelImportRequest, EmptyRequest, RevertImportQuery } from '@offload/contracts/http';
import type { Request } from 'express';
import { RequiresScope } from '../access/access.guard.js';
import { PreferWait } from '../http/prefer-wait.js';
import type { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { ActOnImport } from './act-on-import.js';
import { ReceiveCorrections } from './receive-corrections.js';
import { WaitForImport } from './wait-for-import.js';

const ImportId = Param('id', new IdOf('import'));

/** What can be asked of an import that was accepted. */
@Controller('v1/imports')
@RequiresScope('imports:write')
export class ImportActionsController {
  constructor(
    private readonly act: ActOnImport,
    private readonly corrections: ReceiveCorrections,
    private readonly wait: WaitForImport,
  ) {}

  @Post(':id/confirm')
  async confirm(
    @IdempotentRequest() key: RequestKey,
    @ImportId id: string,
    @JsonBody(EmptyRequest) _request: object,
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    return this.wait.answer(key.caller.tenantId, await this.act.confirm(key, id), waitS);
  }

  @Post(':id/cancel')
  async cancel(
    @IdempotentRequest() key: RequestKey,
    @ImportId id: string,
    @JsonBody(CancelImportRequest) request: CancelImportRequest,
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    return this.wait.answer(key.caller.tenantId, await this.act.cancel(key, id, request), waitS);
  }

  @Post(':id/retry')
  async retry(
    @IdempotentRequest() key: RequestKey,
    @ImportId id: string,
    @JsonBody(EmptyRequest) _request: object,
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    return this.wait.answer(key.caller.tenantId, await this.act.retry(key, id), waitS);
  }

  @Post(':id/fix')
  async fix(
    @IdempotentRequest() key: RequestKey,
    @ImportId id: string,
    @Req() request: Request,
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    const corrections = await this.corrections.execute(key, id, request);
    return this.wait.answer(key.caller.tenantId, await this.act.fix(key, id, corrections), waitS);
  }

  @Post(':id/revert')
  async revert(
    @IdempotentRequest() key: RequestKey,
    @ImportId id: string,
    @ValidQuery(RevertImportQuery) query: RevertImportQuery,
    @JsonBody(EmptyRequest) _request: object,
    @PreferWait() waitS?: number,
  ): Promise<Reply> {
    return this.wait.answer(key.caller.tenantId, await this.act.revert(key, id, query), waitS);
  }
}
