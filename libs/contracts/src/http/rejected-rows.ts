import { z } from 'zod';
import { Limit } from './lists.js';

/** A record of the file that could not become a row. */
export const RejectedRow = z
  .object({
    row: z.int().describe('Counted from 1, without the header.'),
    line: z.int().describe('The physical line where it begins, counted from 1.'),
    byte_offset: z.int(),
    column: z.string().nullable().describe('Null when the whole record is at fault.'),
    value: z.string().nullable().describe('At most 1,000 characters of it.'),
    code: z.string(),
    message: z.string(),
    raw: z.string().describe('As it stands in the file, at most 4,000 characters of it.'),
    is_cut: z
      .boolean()
      .describe('Too long to be kept whole: correct it in the file, not in the list.'),
  })
  .meta({ id: 'RejectedRow' });
export type RejectedRow = z.output<typeof RejectedRow>;

const Filter = {
  code: z.string().min(1).max(100).optional().describe('Only those with this code.'),
  column: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Only those with a fault in this column.'),
};

export const ListRejectedRowsQuery = z.strictObject({
  limit: Limit,
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The `next_cursor` of the page before: the `row` of its last one.'),
  ...Filter,
});
export type ListRejectedRowsQuery = z.output<typeof ListRejectedRowsQuery>;

export const ExportRejectedRowsQuery = z.strictObject({
  ...Filter,
  formulas: z
    .enum(['keep', 'escape'])
    .default('keep')
    .describe(
      '`escape` puts an apostrophe before what a spreadsheet would run as a formula. Such a list is for ' +
        'looking at: posted back, the apostrophes would be part of the values.',
    ),
});
export type ExportRejectedRowsQuery = z.output<typeof ExportRejectedRowsQuery>;

/** A row that a revert has left as it is. */
export const KeptRow = z
  .object({ row_id: z.int().describe('The `_id` of the row in the dataset.'), reason: z.string() })
  .meta({ id: 'KeptRow' });
export type KeptRow = z.output<typeof KeptRow>;

export const ListKeptRowsQuery = z.strictObject({
  limit: Limit,
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The `next_cursor` of the page before: the `row_id` of its last one.'),
});
export type ListKeptRowsQuery = z.output<typeof ListKeptRowsQuery>;
