import { Controller, Param, Post } from '@nestjs/common';
import { DeadLetterActionRequest, EditRequest } from '@offload/contracts/http';
import { RequiresScope } from '../../access/access.guard.js';
import type { Reply } from '../../http/reply.js';
import { IdOf, JsonBody } from '../../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../../idempotency/request-key.js';
import { CreateReplay } from './create-replay.js';
import { EditLetter } from './edit-letter.js';

const LetterId = Param('id', new IdOf('dead letter'));

/** The replay of a single dead letter, as it is or as an edited copy. */
@Controller('v1/dead-letters')
@RequiresScope('operations:write')
export class ReplayLetterController {
  constructor(
    private readonly createReplay: CreateReplay,
    private readonly editLetter: EditLetter,
  ) {}

  @Post(':id/replays')
  async replay(
    @IdempotentRequest() key: RequestKey,
    @LetterId id: string,
    @JsonBody(DeadLetterActionRequest) request: DeadLetterActionRequest,
  ): Promise<Reply> {
    return this.createReplay.ofOne(key, id, request);
  }

  @Post(':id/edits')
  async edit(
    @IdempotentRequest() key: RequestKey,
    @LetterId id: string,
    @JsonBody(EditRequest) request: EditRequest,
  ): Promise<Reply> {
    return this.editLetter.execute(key, id, request);
  }
}
