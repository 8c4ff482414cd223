import { Controller, Get, Param, Post } from '@nestjs/common';
import {
  CreateGroupNoteRequest,
  type DeadLetterGroup,
  type GroupList,
  type GroupNote,
  type List,
  ListGroupsQuery,
  PageQuery,
} from '@offload/contracts/http';
import { RequiresScope } from '../access/access.guard.js';
import type { Reply } from '../http/reply.js';
import { IdOf, JsonBody, ValidQuery } from '../http/request-parts.js';
import { IdempotentRequest, type RequestKey } from '../idempotency/request-key.js';
import { GroupNotes } from './group-notes.js';
import { GroupsQueries } from './groups.queries.js';
import { RequestRegrouping } from './request-regrouping.js';

@Controller('v1/dead-letter-groups')
@RequiresScope('operations:read')
export class DeadLetterGroupsController {
  constructor(
    private readonly groups: GroupsQueries,
    private readonly notes: GroupNotes,
    private readonly requestRegrouping: RequestRegrouping,
  ) {}

  @Get()
  async list(@ValidQuery(ListGroupsQuery) query: ListGroupsQuery): Promise<GroupList> {
    return this.groups.list(query);
  }

  @Post('regroupings')
  @RequiresScope('operations:write')
  async regroup(@IdempotentRequest() key: RequestKey): Promise<Reply> {
    return this.requestRegrouping.execute(key);
  }

  @Get(':id')
  async show(@Param('id', new IdOf('group')) id: string): Promise<DeadLetterGroup> {
    return this.groups.get(id);
  }

  @Get(':id/notes')
  async listNotes(
    @Param('id', new IdOf('group')) id: string,
    @ValidQuery(PageQuery) query: PageQuery,
  ): Promise<List<GroupNote>> {
    return this.notes.list(id, query);
  }

  @Post(':id/notes')
  @RequiresScope('operations:write')
  async createNote(
    @IdempotentRequest() key: RequestKey,
    @Param('id', new IdOf('group')) id: string,
    @JsonBody(CreateGroupNoteRequest) request: CreateGroupNoteRequest,
  ): Promise<Reply> {
    return this.notes.create(key, id, request);
  }
}
