import { z } from 'zod';

/** One row: `_id`, `_import_id` and the columns of the dataset. */
export const DatasetRow = z.record(z.string(), z.unknown()).meta({
  id: 'DatasetRow',
  description:
    '`_id` and `_import_id`, then the columns, or those that `fields` names. `bigint` is a number up to 2^53 - 1 ' +
    'and a string beyond; `numeric` is always a string, so that no digit is lost; `double` is a number, or one of ' +
    '"NaN", "Infinity", "-Infinity"; `date` is "2026-01-31"; `timestamptz` is RFC 3339 in UTC; `json` is what it is.',
});
export type DatasetRow = z.output<typeof DatasetRow>;

/** What can be asked of a column, as the second part of a condition. */
export const RowOperator = z.enum([
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'like',
  'ilike',
  'is_null',
]);
export type RowOperator = z.output<typeof RowOperator>;

/** A parameter that may be given several times. */
const Several = z
  .union([z.string().transform((text) => [text]), z.array(z.string())])
  .pipe(z.array(z.string().min(1).max(10_000)).max(20));

const selection = {
  where: Several.optional().describe(
    'A condition, `<column>:<op>:<value>`, such as `age:gte:18`; given several times, all must hold. Operators: ' +
      '`eq`, `ne` (also rows without a value), `lt`, `lte`, `gt`, `gte`; `in` with values separated by commas, in ' +
      'quotes where they have one (`in:"a,b",c`); `like` and `ilike` (the latter without regard to case) on texts, ' +
      'with `*` for any characters (`like:Ada*`, `ilike:*lovelace*`, `\\*` for the character itself); ' +
      '`is_null:true` and `is_null:false`. `_id`, `_import_id` and `_edited_at` can be asked for too.',
  ),
  sort: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'Columns separated by commas, `-` in front for descending: `country,-age`. Rows without a value come last. ' +
        '(Default: the order in which they were stored)',
    ),
  fields: z
    .string()
    .min(1)
    .max(100_000)
    .optional()
    .describe('The columns to answer, separated by commas; names with a comma in quotes.'),
};

export const ListRowsQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('A page has fewer rows than that when they are very large.'),
  after: z.string().max(100_000).optional().describe('The `next_cursor` of the page before.'),
  ...selection,
});
export type ListRowsQuery = z.output<typeof ListRowsQuery>;

const Flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

export const ExportCsvQuery = z.strictObject({
  ...selection,
  formulas: z
    .enum(['keep', 'escape'])
    .default('keep')
    .describe(
      '`escape` puts an apostrophe in front of texts that a spreadsheet would run as a formula (they begin with ' +
        '`=`, `+`, `-`, `@`, a tab or a line break). Numbers stay as they are. Such a file is for people: imported ' +
        'again, its texts have the apostrophe.',
    ),
  bom: Flag.describe('`true` begins with a byte order mark, by which Excel knows UTF-8.'),
  null: z
    .string()
    .max(100)
    .regex(/^[^\r\n",]*$/, 'Without quotes, commas and line breaks.')
    .default('')
    .describe('Written where there is no value. (Default: nothing; an empty text is then `""`)'),
});
export type ExportCsvQuery = z.output<typeof ExportCsvQuery>;

export const ExportNdjsonQuery = z.strictObject(selection);
export type ExportNdjsonQuery = z.output<typeof ExportNdjsonQuery>;
