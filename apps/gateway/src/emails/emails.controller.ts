import { Controller, Get, Param, Post } from '@nestjs/common';
import { CreateEmailRequest, type EmailResource } from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Reply } from '../http/reply.js';
import { IdOf, JsonBody } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { AcceptEmail } from './accept-email.js';
import { EmailsQueries } from './emails.queries.js';

@Controller('v1/emails')
export class EmailsController {
  constructor(
    private readonly acceptEmail: AcceptEmail,
    private readonly emails: EmailsQueries,
  ) {}

  @Post()
  @RequiresScope('emails:send')
  async create(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(CreateEmailRequest) request: CreateEmailRequest,
  ): Promise<Reply> {
    return this.acceptEmail.execute(key, request);
  }

  @Get(':id')
  @RequiresScope('emails:read')
  async show(
    @CurrentCaller() { tenantId }: Caller,
    @Param('id', new IdOf('e-mail')) id: string,
  ): Promise<EmailResource> {
    return this.emails.get(tenantId, id);
  }
}
