import { z } from 'zod';
import { Limit } from './lists.js';

export const DeadLetterState = z
  .enum(['open', 'replaying', 'resolved', 'discarded'])
  .describe(
    '`open`: it waits for an operator. `replaying`: a replay has it. `resolved`: it was handled after ' +
      'a replay. `discarded`: closed, until it is restored or its message fails again.',
  );
export type DeadLetterState = z.output<typeof DeadLetterState>;

/** What kind of trouble a group stands for. */
export const GroupKind = z
  .enum(['failure', 'worker_died', 'unrouted'])
  .describe(
    '`failure`: a handler gave up. `worker_died`: workers took it again and again and never ' +
      'settled it. `unrouted`: no queue wanted it.',
  );
export type GroupKind = z.output<typeof GroupKind>;

export const DeadLetterAction = z.enum(['replay', 'edit', 'discard', 'restore']);
export type DeadLetterAction = z.output<typeof DeadLetterAction>;

const LastAction = z
  .object({
    kind: DeadLetterAction,
    operation_id: z.uuid().nullable().describe('Its entry in the audit.'),
    reason: z.string().nullable(),
    key_id: z.uuid(),
    at: z.iso.datetime(),
  })
  .nullable();

const summary = {
  id: z.uuid(),
  object: z.literal('dead_letter'),
  state: DeadLetterState,
  group_id: z.uuid().describe('Those that failed for the same reason.'),
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
    frame: z.string().nullable().describe('The first line of the stack that is our own code.'),
    service: z.string().nullable(),
    host: z.string().nullable(),
  }),
  attempts: z.int().describe('Tries before it was given up the last time.'),
  failures: z.int().describe('How often it was given up.'),
  replays: z.int().describe('How often it was put back.'),
  edit_of: z.uuid().nullable().describe('The dead letter whose edited copy this is.'),
  first_failed_at: z.iso.datetime(),
  failed_at: z.iso.datetime(),
  last_action: LastAction,
};

export const DeadLetterSummary = z.object(summary).meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.output<typeof DeadLetterSummary>;

/** What a claim check in the body refers to, looked up for the person who reads. */
export const ResolvedReference = z
  .object({
    pointer: z.string().describe('JSON Pointer (RFC 6901) into the body.'),
    kind: z.enum(['file', 'import', 'email', 'upload']),
    id: z.string(),
    found: z.boolean(),
    summary: z.string().describe('One sentence: what it is and how it stands, or that it is gone.'),
    href: z.string().nullable().describe('Where the API shows it.'),
  })
  .meta({ id: 'ResolvedReference' });
export type ResolvedReference = z.output<typeof ResolvedReference>;

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
    references: z.array(ResolvedReference),
    history: z
      .array(
        z.object({
          operation_id: z.uuid(),
          action: z.string(),
          key_id: z.uuid(),
          reason: z.string().nullable(),
          at: z.iso.datetime(),
          outcome: z.string().nullable().describe('Of a replay: how it ended for this message.'),
        }),
      )
      .describe('What was done to it, the newest first.'),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterResource = z.output<typeof DeadLetterResource>;

const filter = {
  group: z.uuid().optional().describe('The id of a group.'),
  queue: z.string().max(255).optional(),
  message_type: z.string().max(255).optional(),
  service: z.string().max(255).optional(),
  code: z.string().max(200).optional().describe('The code of the failure.'),
  tenant: z.uuid().optional(),
  text: z
    .string()
    .min(2)
    .max(200)
    .optional()
    .describe(
      'Occurs in the failure, the ids, the subject or the body; upper and lower case alike.',
    ),
  failed_after: z.iso.datetime().optional().describe('Given up at this time or later.'),
  failed_before: z.iso.datetime().optional().describe('Given up before this time.'),
};

/** Which dead letters are meant. In a replay and in bulk acts at least one member must be there. */
export const DeadLetterFilter = z
  .strictObject({
    ...filter,
    replays_min: z.int().min(0).optional().describe('Put back at least so often.'),
    replays_max: z.int().min(0).optional().describe('Put back at most so often.'),
  })
  .meta({ id: 'DeadLetterFilter' });
export type DeadLetterFilter = z.output<typeof DeadLetterFilter>;

/** The same in a query string. */
export const DeadLetterFilterQuery = z.strictObject({
  ...filter,
  replays_min: z.coerce.number().int().min(0).optional().describe('Put back at least so often.'),
  replays_max: z.coerce.number().int().min(0).optional().describe('Put back at most so often.'),
  state: DeadLetterState.optional(),
});
export type DeadLetterFilterQuery = z.output<typeof DeadLetterFilterQuery>;

export const ListDeadLettersQuery = DeadLetterFilterQuery.extend({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
});
export type ListDeadLettersQuery = z.output<typeof ListDeadLettersQuery>;

/** Groups are counted over the dead letters that the filter leaves; open ones unless a state is given. */
export const ListGroupsQuery = DeadLetterFilterQuery.extend({ limit: Limit });
export type ListGroupsQuery = z.output<typeof ListGroupsQuery>;

export const DeadLetterGroup = z
  .object({
    id: z.uuid(),
    object: z.literal('dead_letter_group'),
    kind: GroupKind,
    title: z.string().describe('One line for people.'),
    code: z.string(),
    class: z.string(),
    message_type: z.string().nullable(),
    frame: z.string().nullable(),
    example: z.string().describe('The failure message of its newest dead letter.'),
    fingerprint_version: z.int().describe('Of the rule that made the group.'),
    count: z.int(),
    queues: z.array(z.string()),
    first_failed_at: z.iso.datetime(),
    last_failed_at: z.iso.datetime(),
    sparkline: z
      .object({ from: z.iso.datetime(), bucket_s: z.int(), counts: z.array(z.int()) })
      .describe('How many were given up, over time; 24 steps between the first and now.'),
    notes: z.int(),
  })
  .meta({ id: 'DeadLetterGroup' });
export type DeadLetterGroup = z.output<typeof DeadLetterGroup>;

export const GroupList = z.object({
  object: z.literal('list'),
  data: z.array(DeadLetterGroup).describe('The largest first.'),
  total: z.int().describe('Dead letters in all groups that the filter leaves.'),
});
export type GroupList = z.output<typeof GroupList>;

export const GroupNote = z
  .object({
    id: z.uuid(),
    object: z.literal('group_note'),
    text: z.string(),
    key_id: z.uuid(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'GroupNote' });
export type GroupNote = z.output<typeof GroupNote>;

export const CreateGroupNoteRequest = z
  .strictObject({ text: z.string().trim().min(1).max(10_000) })
  .meta({ id: 'CreateGroupNote' });
export type CreateGroupNoteRequest = z.output<typeof CreateGroupNoteRequest>;

/** Why, in the words of the person who does it; kept in the audit. */
export const Reason = z.string().trim().min(3).max(2000).describe('For whoever looks later.');

export const DeadLetterActionRequest = z
  .strictObject({ reason: Reason })
  .meta({ id: 'DeadLetterActionRequest' });
export type DeadLetterActionRequest = z.output<typeof DeadLetterActionRequest>;

/** Which ones: a filter that is not empty, or ids. */
export const DeadLetterSelection = z
  .strictObject({
    filter: DeadLetterFilter.optional(),
    ids: z.array(z.uuid()).min(1).max(5_000).optional(),
  })
  .meta({ id: 'DeadLetterSelection' });
export type DeadLetterSelection = z.output<typeof DeadLetterSelection>;

export const BulkActionRequest = z
  .strictObject({
    ...DeadLetterSelection.shape,
    reason: Reason,
    expected_count: z
      .int()
      .min(0)
      .optional()
      .describe('What the person was shown; if more than this match now, nothing is done.'),
    dry_run: z.boolean().default(false),
  })
  .meta({ id: 'BulkAction' });
export type BulkActionRequest = z.output<typeof BulkActionRequest>;

export const BulkActionResult = z
  .object({
    object: z.literal('bulk_action'),
    operation_id: z.uuid().nullable().describe('Its entry in the audit; null for a dry run.'),
    action: z.enum(['discard', 'restore']),
    dry_run: z.boolean(),
    count: z.int(),
  })
  .meta({ id: 'BulkActionResult' });
export type BulkActionResult = z.output<typeof BulkActionResult>;

/** An edited copy that takes the place of the original. */
export const EditRequest = z
  .strictObject({
    reason: Reason,
    incident: z.string().trim().min(1).max(200).describe('The name of the incident.'),
    body: z.unknown().describe('The whole new payload; it must fit the contract of the message.'),
    dry_run: z.boolean().default(false).describe('Only check it, and show the difference.'),
  })
  .meta({ id: 'EditDeadLetter' });
export type EditRequest = z.output<typeof EditRequest>;

export const EditPreview = z
  .object({
    object: z.literal('edit_preview'),
    message_type: z.string(),
    diff: z
      .array(z.record(z.string(), z.unknown()))
      .describe('JSON Patch (RFC 6902) from the original to the copy.'),
  })
  .meta({ id: 'EditPreview' });
export type EditPreview = z.output<typeof EditPreview>;

export const RegroupResult = z
  .object({
    object: z.literal('regroup_result'),
    fingerprint_version: z.int(),
    dead_letters: z.int().describe('Looked at.'),
    moved: z.int().describe('Found to belong to another group.'),
    groups: z.int(),
  })
  .meta({ id: 'RegroupResult' });
export type RegroupResult = z.output<typeof RegroupResult>;
