import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import {
  BulkActionRequest,
  DeadLetterActionRequest,
  DeadLetterFilterQuery,
  type DeadLetterResource,
  type DeadLetterSummary,
  type List,
  ListDeadLettersQuery,
} from '@offload/contracts/http';
import type { Response } from 'express';
import { RequiresScope } from '../access/access.guard.js';
import type { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { sendLines } from '../http/send-lines.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { ActOnLetters } from './act-on-letters.js';
import { DeadLettersQueries } from './dead-letters.queries.js';
import { ExportLetters } from './export-letters.js';

/** Routes with a word in the place of the id stand before those with an id. */
@Controller('v1/dead-letters')
@RequiresScope('operations:write')
export class DeadLettersController {
  constructor(
    private readonly act: ActOnLetters,
    private readonly deadLetters: DeadLettersQueries,
    private readonly exportLetters: ExportLetters,
  ) {}

  @Get()
  @RequiresScope('operations:read')
  async list(
    @ValidQuery(ListDeadLettersQuery) query: ListDeadLettersQuery,
  ): Promise<List<DeadLetterSummary>> {
    return this.deadLetters.list(query);
  }

  @Get('export')
  @RequiresScope('operations:read')
  async export(
    @ValidQuery(DeadLetterFilterQuery) filter: DeadLetterFilterQuery,
    @Res() response: Response,
  ): Promise<void> {
    await sendLines(response, this.exportLetters.execute(filter), 'dead-letters.ndjson');
  }

  @Post('discards')
  async discardMany(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(BulkActionRequest) request: BulkActionRequest,
  ): Promise<Reply> {
    return this.act.many('discard', key, request);
  }

  @Post('restorations')
  async restoreMany(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(BulkActionRequest) request: BulkActionRequest,
  ): Promise<Reply> {
    return this.act.many('restore', key, request);
  }

  @Get(':id')
  @RequiresScope('operations:read')
  async show(@Param('id', new IdOf('dead letter')) id: string): Promise<DeadLetterResource> {
    return this.deadLetters.get(id);
  }

  @Post(':id/discards')
  async discard(
    @IdempotentRequest() key: RequestKey,
    @Param('id', new IdOf('dead letter')) id: string,
    @JsonBody(DeadLetterActionRequest) request: DeadLetterActionRequest,
  ): Promise<Reply> {
    return this.act.one('discard', key, id, request);
  }

  @Post(':id/restorations')
  async restore(
    @IdempotentRequest() key: RequestKey,
    @Param('id', new IdOf('dead letter')) id: string,
    @JsonBody(DeadLetterActionRequest) request: DeadLetterActionRequest,
  ): Promise<Reply> {
    return this.act.one('restore', key, id, request);
  }
}
