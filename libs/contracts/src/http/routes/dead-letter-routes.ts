import { z } from 'zod';
import {
  BulkActionRequest,
  BulkActionResult,
  DeadLetterActionRequest,
  DeadLetterFilterQuery,
  DeadLetterResource,
  DeadLetterSummary,
  EditPreview,
  EditRequest,
  ListDeadLettersQuery,
} from '../dead-letters.js';
import { listOf } from '../lists.js';
import { ReplayResource } from '../replays.js';
import type { Route } from '../route.js';
import { deadLetterGroupRoutes } from './dead-letter-group-routes.js';

const tag = 'Dead letters';
const params = { id: z.uuid() };

export const deadLetterRoutes: Route[] = [
  {
    id: 'listDeadLetters',
    method: 'get',
    path: '/v1/dead-letters',
    tag,
    summary: 'List what the system has given up on, the newest first',
    scope: 'operations:read',
    query: ListDeadLettersQuery,
    success: [
      { status: 200, description: 'A page of dead letters.', schema: listOf(DeadLetterSummary) },
    ],
  },
  {
    id: 'exportDeadLetters',
    method: 'get',
    path: '/v1/dead-letters/export',
    tag,
    summary: 'Export dead letters with their messages, the oldest first',
    scope: 'operations:read',
    query: DeadLetterFilterQuery,
    success: [
      {
        status: 200,
        description: 'One dead letter on each line.',
        schema: DeadLetterResource,
        mediaType: 'application/x-ndjson',
      },
    ],
  },
  {
    id: 'discardDeadLetters',
    method: 'post',
    path: '/v1/dead-letters/discards',
    tag,
    summary: 'Close many open dead letters',
    scope: 'operations:write',
    body: { 'application/json': BulkActionRequest },
    isIdempotent: true,
    success: [{ status: 200, description: 'They are discarded.', schema: BulkActionResult }],
    problems: ['empty_filter', 'too_many', 'invalid_state'],
  },
  {
    id: 'restoreDeadLetters',
    method: 'post',
    path: '/v1/dead-letters/restorations',
    tag,
    summary: 'Open many discarded dead letters again',
    scope: 'operations:write',
    body: { 'application/json': BulkActionRequest },
    isIdempotent: true,
    success: [{ status: 200, description: 'They are open.', schema: BulkActionResult }],
    problems: ['empty_filter', 'too_many', 'invalid_state'],
  },
  {
    id: 'getDeadLetter',
    method: 'get',
    path: '/v1/dead-letters/{id}',
    tag,
    summary: 'Show a dead letter with its message, its failure and its history',
    scope: 'operations:read',
    params,
    success: [{ status: 200, description: 'The dead letter.', schema: DeadLetterResource }],
  },
  {
    id: 'replayDeadLetter',
    method: 'post',
    path: '/v1/dead-letters/{id}/replays',
    tag,
    summary: 'Put one dead letter back on its own queue',
    description:
      'A replay of one message. It keeps its id, so that replaying something that was done after all ' +
      'changes nothing. If it fails again the dead letter is open again and counts it.',
    scope: 'operations:write',
    params,
    body: { 'application/json': DeadLetterActionRequest },
    isIdempotent: true,
    success: [
      {
        status: 202,
        description: 'The replay has begun.',
        schema: ReplayResource,
        headers: { Location: 'The path of the replay.' },
      },
    ],
    problems: ['invalid_state'],
  },
  {
    id: 'editDeadLetter',
    method: 'post',
    path: '/v1/dead-letters/{id}/edits',
    tag,
    summary: 'Replay an edited copy in place of the original',
    description:
      'The copy has an id of its own and says whose copy it is; the difference is kept. It must fit the ' +
      'contract of the message. The original is resolved when the copy is handled.',
    scope: 'operations:write',
    params,
    body: { 'application/json': EditRequest },
    isIdempotent: true,
    success: [
      { status: 200, description: 'What would be changed.', schema: EditPreview },
      {
        status: 202,
        description: 'The replay of the copy has begun.',
        schema: ReplayResource,
        headers: { Location: 'The path of the replay.' },
      },
    ],
    problems: ['invalid_state', 'invalid_message'],
  },
  ...(['discard', 'restore'] as const).map((act): Route => ({
    id: `${act}DeadLetter`,
    method: 'post',
    path: `/v1/dead-letters/{id}/${act === 'discard' ? 'discards' : 'restorations'}`,
    tag,
    summary: act === 'discard' ? 'Close a dead letter' : 'Open a discarded dead letter again',
    scope: 'operations:write',
    params,
    body: { 'application/json': DeadLetterActionRequest },
    isIdempotent: true,
    success: [
      {
        status: 200,
        description: act === 'discard' ? 'It is discarded.' : 'It is open.',
        schema: DeadLetterResource,
      },
    ],
    problems: ['invalid_state'],
  })),
  ...deadLetterGroupRoutes,
];
