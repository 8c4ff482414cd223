import { z } from 'zod';
import { Limit } from './lists.js';

export const DeadLetterState = z.enum(['open', 'replayed', 'discarded']);
export type DeadLetterState = z.output<typeof DeadLetterState>;

const summary = {
  id: z.uuid(),
  object: z.literal('dead_letter'),
  state: DeadLetterState,
  message_id: z.string().nullable(),
  message_type: z.string().nullable(),
  tenant_id: z.uuid().nullable().describe('Null when the message did not say.'),
  correlation_id: z.string().nullable(),
  subject: z.string().nullable().describe('What it is about, as `<kind>:<id>`.'),
  queue: z.string().nullable().describe('The queue that gave up; null for an unrouted message.'),
  failure: z.object({
    code: z.string(),
    class: z.string(),
    message: z.string(),
    service: z.string().nullable(),
    host: z.string().nullable(),
  }),
  attempts: z.int().describe('Tries before it was given up the last time.'),
  failures: z.int().describe('How often it was given up.'),
  replays: z.int().describe('How often it was put back.'),
  first_failed_at: z.iso.datetime(),
  failed_at: z.iso.datetime(),
  last_action: z
    .object({
      kind: z.enum(['replay', 'discard']),
      reason: z.string().nullable(),
      key_id: z.uuid(),
      at: z.iso.datetime(),
    })
    .nullable(),
};

export const DeadLetterSummary = z.object(summary).meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.output<typeof DeadLetterSummary>;

export const DeadLetterResource = z
  .object({
    ...summary,
    stack: z.string().nullable(),
    address: z
      .object({ exchange: z.string(), routing_key: z.string() })
      .describe('Where a replay goes.'),
    properties: z.record(z.string(), z.unknown()),
    headers: z.record(z.string(), z.unknown()),
    body_encoding: z.enum(['json', 'base64']),
    body: z.unknown().describe('The body as JSON, or its bytes in base64 when it is not JSON.'),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterResource = z.output<typeof DeadLetterResource>;

export const ListDeadLettersQuery = z.strictObject({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
  state: DeadLetterState.optional(),
  queue: z.string().max(255).optional(),
  code: z.string().max(200).optional().describe('The code of the failure.'),
  message_type: z.string().max(255).optional(),
});
export type ListDeadLettersQuery = z.output<typeof ListDeadLettersQuery>;

export const DeadLetterActionRequest = z
  .strictObject({ reason: z.string().max(2000).optional().describe('For whoever looks later.') })
  .meta({ id: 'DeadLetterAction' });
export type DeadLetterActionRequest = z.output<typeof DeadLetterActionRequest>;
