import { Controller, Get, Param, Post } from '@nestjs/common';
import {
  DeadLetterActionRequest,
  type DeadLetterResource,
  type DeadLetterSummary,
  type List,
  ListDeadLettersQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import type { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { ActOnDeadLetter } from './act-on-dead-letter.js';
import { DeadLettersQueries } from './dead-letters.queries.js';

@Controller('v1/dead-letters')
@RequiresScope('admin')
export class DeadLettersController {
  constructor(
    private readonly act: ActOnDeadLetter,
    private readonly deadLetters: DeadLettersQueries,
  ) {}

  @Get()
  async list(
    @ValidQuery(ListDeadLettersQuery) query: ListDeadLettersQuery,
  ): Promise<List<DeadLetterSummary>> {
    return this.deadLetters.list(query);
  }

  @Get(':id')
  async show(@Param('id', new IdOf('dead letter')) id: string): Promise<DeadLetterResource> {
    return this.deadLetters.get(id);
  }

  @Post(':id/replays')
  async replay(
    @IdempotentRequest() key: RequestKey,
    @Param('id', new IdOf('dead letter')) id: string,
    @JsonBody(DeadLetterActionRequest) request: DeadLetterActionRequest,
  ): Promise<Reply> {
    return this.act.replay(key, id, request);
  }

  @Post(':id/discards')
  async discard(
    @IdempotentRequest() key: RequestKey,
    @Param('id', new IdOf('dead letter')) id: string,
    @JsonBody(DeadLetterActionRequest) request: DeadLetterActionRequest,
  ): Promise<Reply> {
    return this.act.discard(key, id, request);
  }
}
