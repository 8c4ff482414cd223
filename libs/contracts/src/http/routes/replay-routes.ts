import { z } from 'zod';
import { listOf } from '../lists.js';
import { ListReplayItemsQuery, ReplayItem } from '../replay-items.js';
import {
  ChangePaceRequest,
  CreateReplayRequest,
  FollowUpRequest,
  ListReplaysQuery,
  ReplayPreview,
  ReplayReasonRequest,
  ReplayResource,
} from '../replays.js';
import { BulkActionResult } from '../dead-letters.js';
import type { Route } from '../route.js';

const tag = 'Replays';
const params = { id: z.uuid() };

export const replayRoutes: Route[] = [
  {
    id: 'createReplay',
    method: 'post',
    path: '/v1/replays',
    tag,
    summary: 'Put open dead letters back on their queues, carefully',
    description:
      'Which ones is frozen at this moment. First a few, whose outcome is awaited; then growing batches; ' +
      'then a steady rate. It pauses by itself when too many fail again or when live work has to wait. ' +
      'With `dry_run` it only says what would happen.',
    scope: 'operations:write',
    body: { 'application/json': CreateReplayRequest },
    isIdempotent: true,
    success: [
      { status: 200, description: 'What would happen (`dry_run`).', schema: ReplayPreview },
      {
        status: 202,
        description: 'The replay has begun.',
        schema: ReplayResource,
        headers: {
          Location: 'The path of the replay.',
          Link: 'With `rel="monitor"`: the event stream that follows it.',
        },
      },
    ],
    problems: ['empty_filter', 'too_many', 'nothing_matches', 'invalid_state'],
  },
  {
    id: 'listReplays',
    method: 'get',
    path: '/v1/replays',
    tag,
    summary: 'List replays, the newest first',
    scope: 'operations:read',
    query: ListReplaysQuery,
    success: [{ status: 200, description: 'A page of replays.', schema: listOf(ReplayResource) }],
  },
  {
    id: 'getReplay',
    method: 'get',
    path: '/v1/replays/{id}',
    tag,
    summary: 'Show a replay and how far it has come',
    scope: 'operations:read',
    params,
    success: [{ status: 200, description: 'The replay.', schema: ReplayResource }],
  },
  {
    id: 'listReplayItems',
    method: 'get',
    path: '/v1/replays/{id}/items',
    tag,
    summary: 'List the messages of a replay with their outcomes, in the order of their turn',
    scope: 'operations:read',
    params,
    query: ListReplayItemsQuery,
    success: [{ status: 200, description: 'A page of messages.', schema: listOf(ReplayItem) }],
  },
  act('pauseReplay', 'pauses', 'Publish nothing more until it is resumed'),
  act('resumeReplay', 'resumptions', 'Go on after a pause, with a small batch first'),
  act('abortReplay', 'abortions', 'End it; what was not published is open again'),
  {
    id: 'changeReplayPace',
    method: 'post',
    path: '/v1/replays/{id}/paces',
    tag,
    summary: 'Change the rate and the limits of a replay that has not ended',
    scope: 'operations:write',
    params,
    body: { 'application/json': ChangePaceRequest },
    isIdempotent: true,
    success: [{ status: 200, description: 'The replay.', schema: ReplayResource }],
    problems: ['invalid_state'],
  },
  {
    id: 'followUpReplay',
    method: 'post',
    path: '/v1/replays/{id}/follow-ups',
    tag,
    summary: 'Replay or discard those that failed again and are still open',
    scope: 'operations:write',
    params,
    body: { 'application/json': FollowUpRequest },
    isIdempotent: true,
    success: [
      { status: 200, description: 'They are discarded.', schema: BulkActionResult },
      {
        status: 202,
        description: 'A replay of them has begun.',
        schema: ReplayResource,
        headers: { Location: 'The path of the new replay.' },
      },
    ],
    problems: ['nothing_matches'],
  },
];

function act(id: string, noun: string, summary: string): Route {
  return {
    id,
    method: 'post',
    path: `/v1/replays/{id}/${noun}`,
    tag,
    summary,
    scope: 'operations:write',
    params,
    body: { 'application/json': ReplayReasonRequest },
    isIdempotent: true,
    success: [{ status: 200, description: 'The replay.', schema: ReplayResource }],
    problems: ['invalid_state'],
  };
}
