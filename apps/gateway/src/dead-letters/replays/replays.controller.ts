import { Controller, Get, Param, Post } from '@nestjs/common';
import {
  ChangePaceRequest,
  CreateReplayRequest,
  FollowUpRequest,
  type List,
  ListReplayItemsQuery,
  ListReplaysQuery,
  type ReplayItem,
  ReplayReasonRequest,
  type ReplayResource,
} from '@offload/contracts/http';
import { RequiresScope } from '../../access/access.guard.js';
import type { Reply } from '../../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../../idempotency/request-key.js';
import { ControlReplay } from './control-replay.js';
import { CreateReplay } from './create-replay.js';
import { FollowUpReplay } from './follow-up-replay.js';
import { ReplaysQueries } from './replays.queries.js';

const ReplayId = Param('id', new IdOf('replay'));

@Controller('v1/replays')
@RequiresScope('operations:write')
export class ReplaysController {
  constructor(
    private readonly createReplay: CreateReplay,
    private readonly control: ControlReplay,
    private readonly followUpReplay: FollowUpReplay,
    private readonly replays: ReplaysQueries,
  ) {}

  @Post()
  async create(
    @IdempotentRequest() key: RequestKey,
    @JsonBody(CreateReplayRequest) request: CreateReplayRequest,
  ): Promise<Reply> {
    return this.createReplay.execute(key, request);
  }

  @Get()
  @RequiresScope('operations:read')
  async list(@ValidQuery(ListReplaysQuery) query: ListReplaysQuery): Promise<List<ReplayResource>> {
    return this.replays.list(query);
  }

  @Get(':id')
  @RequiresScope('operations:read')
  async show(@ReplayId id: string): Promise<ReplayResource> {
    return this.replays.get(id);
  }

  @Get(':id/items')
  @RequiresScope('operations:read')
  async items(
    @ReplayId id: string,
    @ValidQuery(ListReplayItemsQuery) query: ListReplayItemsQuery,
  ): Promise<List<ReplayItem>> {
    return this.replays.listItems(id, query);
  }

  @Post(':id/pauses')
  async pause(
    @IdempotentRequest() key: RequestKey,
    @ReplayId id: string,
    @JsonBody(ReplayReasonRequest) request: ReplayReasonRequest,
  ): Promise<Reply> {
    return this.control.pause(key, id, request);
  }

  @Post(':id/resumptions')
  async resume(
    @IdempotentRequest() key: RequestKey,
    @ReplayId id: string,
    @JsonBody(ReplayReasonRequest) request: ReplayReasonRequest,
  ): Promise<Reply> {
    return this.control.resume(key, id, request);
  }

  @Post(':id/abortions')
  async abort(
    @IdempotentRequest() key: RequestKey,
    @ReplayId id: string,
    @JsonBody(ReplayReasonRequest) request: ReplayReasonRequest,
  ): Promise<Reply> {
    return this.control.abort(key, id, request);
  }

  @Post(':id/paces')
  async changePace(
    @IdempotentRequest() key: RequestKey,
    @ReplayId id: string,
    @JsonBody(ChangePaceRequest) request: ChangePaceRequest,
  ): Promise<Reply> {
    return this.control.changePace(key, id, request);
  }

  @Post(':id/follow-ups')
  async followUp(
    @IdempotentRequest() key: RequestKey,
    @ReplayId id: string,
    @JsonBody(FollowUpRequest) request: FollowUpRequest,
  ): Promise<Reply> {
    return this.followUpReplay.execute(key, id, request);
  }
}
