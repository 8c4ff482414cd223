import { z } from 'zod';
import { DeadLetterFilter, DeadLetterSelection, Reason } from './dead-letters.js';
import { Limit } from './lists.js';

export const ReplayState = z
  .enum(['running', 'paused', 'completed', 'aborted'])
  .describe(
    '`running` publishes by itself; `paused` publishes nothing until it is resumed; what is on its ' +
      'way finishes in every state.',
  );
export type ReplayState = z.output<typeof ReplayState>;

export const ReplayStage = z
  .enum(['canary', 'ramp', 'steady'])
  .describe(
    '`canary`: a few, whose outcome is awaited. `ramp`: each batch twice the one before. `steady`: ' +
      'as fast as the rate and the limit in flight allow.',
  );
export type ReplayStage = z.output<typeof ReplayStage>;

const pace = {
  canary: z.int().min(1).max(1000).describe('Messages in the first stage. (Default: 10)'),
  rate_per_s: z.number().min(0.1).max(5000).describe('Messages a second at most. (Default: 100)'),
  max_in_flight: z
    .int()
    .min(1)
    .max(10_000)
    .describe('Published and not yet handled, at most. (Default: 500)'),
  max_failed_ratio: z
    .number()
    .min(0)
    .max(1)
    .describe('Pauses when more than this share of the last outcomes failed again. (Default: 0.2)'),
  window: z
    .int()
    .min(5)
    .max(1000)
    .describe('How many of the last outcomes that share is counted over. (Default: 50)'),
  max_backlog_age_s: z
    .number()
    .min(1)
    .max(86_400)
    .describe('Pauses when live messages of the same queue wait longer than this. (Default: 60)'),
  outcome_timeout_s: z
    .int()
    .min(1)
    .max(604_800)
    .describe('A message of which nothing is heard for so long is `expired`. (Default: 7200)'),
};

/** How carefully. */
export const ReplayPace = z.strictObject(pace).meta({ id: 'ReplayPace' });
export type ReplayPace = z.output<typeof ReplayPace>;

/** Some members of a pace; the others are as they were, or as by default. */
export const PaceChange = z.strictObject(pace).partial().meta({ id: 'PaceChange' });
export type PaceChange = z.output<typeof PaceChange>;

export const defaultPace: ReplayPace = {
  canary: 10,
  rate_per_s: 100,
  max_in_flight: 500,
  max_failed_ratio: 0.2,
  window: 50,
  max_backlog_age_s: 60,
  outcome_timeout_s: 7200,
};

export const CreateReplayRequest = z
  .strictObject({
    ...DeadLetterSelection.shape,
    incident: z.string().trim().min(1).max(200).describe('The name of the incident.'),
    reason: Reason.describe('Why it will work now; kept in the audit.'),
    pace: PaceChange.optional(),
    expected_count: z
      .int()
      .min(0)
      .optional()
      .describe('What the person was shown; if more than this would be put back, nothing is done.'),
    dry_run: z.boolean().default(false).describe('Only say what would happen.'),
  })
  .meta({ id: 'CreateReplay' });
export type CreateReplayRequest = z.output<typeof CreateReplayRequest>;

export const ReplayPreview = z
  .object({
    object: z.literal('replay_preview'),
    count: z.int().describe('Messages that would be put back.'),
    groups: z.array(
      z.object({
        group_id: z.uuid(),
        title: z.string(),
        queue: z.string().nullable(),
        count: z.int(),
      }),
    ),
    skipped: z
      .array(z.object({ code: z.string(), detail: z.string(), count: z.int() }))
      .describe('What would be left alone, and why.'),
    warnings: z
      .array(z.object({ code: z.string(), detail: z.string() }))
      .describe('What to know before: a paused queue, no consumer, live work that waits.'),
    pace: ReplayPace,
  })
  .meta({ id: 'ReplayPreview' });
export type ReplayPreview = z.output<typeof ReplayPreview>;

export const ReplayCounts = z.object({
  total: z.int(),
  claimed: z.int(),
  published: z.int(),
  succeeded: z.int(),
  failed_again: z.int(),
  expired: z.int(),
  skipped: z.int(),
});
export type ReplayCounts = z.output<typeof ReplayCounts>;

export const ReplayPause = z
  .object({
    code: z
      .enum(['by_operator', 'too_many_failures', 'live_backlog', 'step_failed'])
      .describe(
        'By a person, by failures, for the sake of live work, or because the replay itself failed ' +
          'several times in a row; then the detail says how.',
      ),
    detail: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'ReplayPause' });
export type ReplayPause = z.output<typeof ReplayPause>;

/** As it was asked for; the messages are frozen. Of explicit ids only how many: the items list them. */
export const ReplaySelection = z
  .object({
    filter: DeadLetterFilter.optional(),
    id_count: z.int().optional(),
    follow_up_of: z
      .uuid()
      .optional()
      .describe('The replay whose messages failed again and were meant.'),
  })
  .meta({ id: 'ReplaySelection' });
export type ReplaySelection = z.output<typeof ReplaySelection>;

/** How far a replay has come; also what is told of it while it runs. */
const progress = {
  id: z.uuid().describe('Also the operation id in the audit.'),
  object: z.literal('replay'),
  state: ReplayState,
  stage: ReplayStage,
  counts: ReplayCounts,
  percent: z.int().min(0).max(100).describe('Of the messages whose outcome is known.'),
  pause: ReplayPause.nullable().describe('Why it is paused.'),
  waiting: z
    .string()
    .nullable()
    .describe('What a running replay waits for, in words; null when it publishes.'),
  finished_at: z.iso
    .datetime()
    .nullable()
    .describe('When nothing of it was on its way any more, also after it was aborted.'),
};

/** The data of the events on the topic `replay:<id>`. */
export const ReplayProgress = z.object(progress).meta({ id: 'ReplayProgress' });
export type ReplayProgress = z.output<typeof ReplayProgress>;

export const ReplayResource = z
  .object({
    ...progress,
    incident: z.string(),
    reason: z.string(),
    key_id: z.uuid(),
    selection: ReplaySelection,
    edited: z.boolean().describe('It replays an edited copy of one dead letter.'),
    pace: ReplayPace,
    created_at: z.iso.datetime(),
    links: z.object({ self: z.string(), items: z.string(), events: z.string() }),
  })
  .meta({ id: 'Replay' });
export type ReplayResource = z.output<typeof ReplayResource>;

export const ListReplaysQuery = z.strictObject({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
  state: ReplayState.optional(),
});
export type ListReplaysQuery = z.output<typeof ListReplaysQuery>;

export const ReplayReasonRequest = z.strictObject({ reason: Reason }).meta({ id: 'ReplayReason' });
export type ReplayReasonRequest = z.output<typeof ReplayReasonRequest>;

/** Another pace for a replay that has not ended. */
export const ChangePaceRequest = z
  .strictObject({ reason: Reason, pace: PaceChange })
  .meta({ id: 'ChangePace' });
export type ChangePaceRequest = z.output<typeof ChangePaceRequest>;

/** What to do with those of a replay that failed again: they are open dead letters. */
export const FollowUpRequest = z
  .strictObject({
    action: z.enum(['replay', 'discard']),
    reason: Reason,
    incident: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('Left out, the same as before.'),
    pace: PaceChange.optional(),
  })
  .meta({ id: 'FollowUpReplay' });
export type FollowUpRequest = z.output<typeof FollowUpRequest>;
