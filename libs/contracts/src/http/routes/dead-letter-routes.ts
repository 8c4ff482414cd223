import { z } from 'zod';
import {
  DeadLetterActionRequest,
  DeadLetterResource,
  DeadLetterSummary,
  ListDeadLettersQuery,
} from '../dead-letters.js';
import { listOf } from '../lists.js';
import type { Route } from '../route.js';

export const deadLetterRoutes: Route[] = [
  {
    id: 'listDeadLetters',
    method: 'get',
    path: '/v1/dead-letters',
    tag: 'Dead letters',
    summary: 'List what the system has given up on, the newest first',
    scope: 'admin',
    query: ListDeadLettersQuery,
    success: [
      { status: 200, description: 'A page of dead letters.', schema: listOf(DeadLetterSummary) },
    ],
  },
  {
    id: 'getDeadLetter',
    method: 'get',
    path: '/v1/dead-letters/{id}',
    tag: 'Dead letters',
    summary: 'Show a dead letter with its message and its failure',
    scope: 'admin',
    params: { id: z.uuid() },
    success: [{ status: 200, description: 'The dead letter.', schema: DeadLetterResource }],
  },
  {
    id: 'replayDeadLetter',
    method: 'post',
    path: '/v1/dead-letters/{id}/replays',
    tag: 'Dead letters',
    summary: 'Put a dead letter back on its own queue',
    description:
      'The message keeps its id, so that replaying something that was done after all changes nothing. If it ' +
      'fails again the dead letter is open again and counts it.',
    scope: 'admin',
    params: { id: z.uuid() },
    body: { 'application/json': DeadLetterActionRequest },
    isIdempotent: true,
    success: [
      {
        status: 202,
        description: 'The message is on its way.',
        schema: DeadLetterResource,
        headers: { Location: 'The path of the dead letter.' },
      },
    ],
    problems: ['invalid_state'],
  },
  {
    id: 'discardDeadLetter',
    method: 'post',
    path: '/v1/dead-letters/{id}/discards',
    tag: 'Dead letters',
    summary: 'Close a dead letter for good',
    scope: 'admin',
    params: { id: z.uuid() },
    body: { 'application/json': DeadLetterActionRequest },
    isIdempotent: true,
    success: [{ status: 200, description: 'It is discarded.', schema: DeadLetterResource }],
    problems: ['invalid_state'],
  },
];
