import { z } from 'zod';
import { CreateTicketRequest, StreamEventsQuery, Ticket } from '../events.js';
import type { Route } from '../route.js';

export const eventRoutes: Route[] = [
  {
    id: 'streamEvents',
    method: 'get',
    path: '/v1/events',
    tag: 'Events',
    summary: 'Follow imports and e-mails live',
    description:
      'Server-sent events. A first connection is sent a `snapshot` of each topic, then news as they come. ' +
      'Each event has a stored sequence as its id: a client that comes back with `Last-Event-ID`, to any ' +
      'replica, is sent what it missed, or `reset` and a snapshot. When every topic has ended the stream says ' +
      '`end` and closes, and the next connection is answered with 204, which tells an EventSource to stop. ' +
      'While all work of a kind is held up, `work-held` says why and `work-resumed` when it goes on; these two ' +
      'have no id, and a client that comes back is told again if it still holds. A gateway that is being stopped ' +
      'ends its streams between two events, and says with `retry:` when to come back.',
    scope: 'any',
    query: StreamEventsQuery,
    headers: { 'Last-Event-ID': z.string().optional() },
    success: [
      {
        status: 200,
        description: 'The stream.',
        mediaType: 'text/event-stream',
        schema: z.string(),
      },
      { status: 204, description: 'All topics have ended and everything was sent.' },
    ],
    problems: ['invalid_topics', 'not_found', 'ticket_used', 'temporary_reduced_capacity'],
  },
  {
    id: 'createTicket',
    method: 'post',
    path: '/v1/events/tickets',
    tag: 'Events',
    summary: 'Get a ticket for one stream',
    description:
      'For browsers: an EventSource cannot send an API key. The ticket opens one stream of these topics, ' +
      'once and within a minute. A client that was cut off asks for another one.',
    scope: 'any',
    body: { 'application/json': CreateTicketRequest },
    success: [{ status: 201, description: 'The ticket; it is shown only here.', schema: Ticket }],
    problems: [
      'validation_failed',
      'unknown_field',
      'malformed_json',
      'invalid_topics',
      'not_found',
    ],
  },
];
