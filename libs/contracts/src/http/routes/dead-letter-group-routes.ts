import { z } from 'zod';
import {
  CreateGroupNoteRequest,
  DeadLetterGroup,
  GroupList,
  GroupNote,
  ListGroupsQuery,
  RegroupResult,
} from '../dead-letters.js';
import { listOf, PageQuery } from '../lists.js';
import type { Route } from '../route.js';

const tag = 'Dead letters';
const params = { id: z.uuid() };

export const deadLetterGroupRoutes: Route[] = [
  {
    id: 'listDeadLetterGroups',
    method: 'get',
    path: '/v1/dead-letter-groups',
    tag,
    summary: 'Count dead letters by the reason of their failure',
    scope: 'operations:read',
    query: ListGroupsQuery,
    success: [{ status: 200, description: 'The groups, the largest first.', schema: GroupList }],
  },
  {
    id: 'regroupDeadLetters',
    method: 'post',
    path: '/v1/dead-letter-groups/regroupings',
    tag,
    summary: 'Compute the groups again by the rule of this version',
    scope: 'operations:write',
    isIdempotent: true,
    success: [{ status: 200, description: 'What has changed.', schema: RegroupResult }],
  },
  {
    id: 'getDeadLetterGroup',
    method: 'get',
    path: '/v1/dead-letter-groups/{id}',
    tag,
    summary: 'Show a group, counted over its open dead letters',
    scope: 'operations:read',
    params,
    success: [{ status: 200, description: 'The group.', schema: DeadLetterGroup }],
  },
  {
    id: 'listGroupNotes',
    method: 'get',
    path: '/v1/dead-letter-groups/{id}/notes',
    tag,
    summary: 'List what people have noted about a group, the newest first',
    scope: 'operations:read',
    params,
    query: PageQuery,
    success: [{ status: 200, description: 'A page of notes.', schema: listOf(GroupNote) }],
  },
  {
    id: 'createGroupNote',
    method: 'post',
    path: '/v1/dead-letter-groups/{id}/notes',
    tag,
    summary: 'Note something about a group; notes stay when its dead letters are gone',
    scope: 'operations:write',
    params,
    body: { 'application/json': CreateGroupNoteRequest },
    isIdempotent: true,
    success: [{ status: 201, description: 'The note.', schema: GroupNote }],
  },
];
