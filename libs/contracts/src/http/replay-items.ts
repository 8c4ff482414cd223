import { z } from 'zod';
import { Limit } from './lists.js';

export const ReplayItemState = z
  .enum(['claimed', 'published', 'succeeded', 'failed_again', 'expired', 'skipped'])
  .describe(
    '`claimed`: frozen in this replay. `published`: on its way. `succeeded`: a worker has handled it. ' +
      '`failed_again`: given up once more. `expired`: nothing was heard of it in time; a late outcome ' +
      'still counts. `skipped`: left alone, with the reason.',
  );
export type ReplayItemState = z.output<typeof ReplayItemState>;

/** One message of a replay, and what became of it. */
export const ReplayItem = z
  .object({
    object: z.literal('replay_item'),
    id: z.uuid(),
    dead_letter_id: z.uuid(),
    message_id: z.string().nullable(),
    queue: z.string().nullable().describe('Where it is put; null where no queue wanted it.'),
    position: z.int().describe('Its turn, from 1.'),
    state: ReplayItemState,
    outcome: z
      .object({
        code: z
          .string()
          .describe(
            '`handled`, `already_handled`, the code of the failure, or why it was skipped.',
          ),
        detail: z.string(),
      })
      .nullable(),
    failed_as: z
      .uuid()
      .nullable()
      .describe(
        'The dead letter that it became when it failed again: the same one, or another that took its place.',
      ),
    published_at: z.iso.datetime().nullable(),
    settled_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ReplayItem' });
export type ReplayItem = z.output<typeof ReplayItem>;

export const ListReplayItemsQuery = z.strictObject({
  limit: Limit,
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The `next_cursor` of the page before.'),
  state: ReplayItemState.optional(),
});
export type ListReplayItemsQuery = z.output<typeof ListReplayItemsQuery>;
