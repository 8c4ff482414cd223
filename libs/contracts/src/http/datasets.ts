import { z } from 'zod';
import { DatasetColumn, DatasetName } from '../ingest/dataset-columns.js';
import { Limit } from './lists.js';

export const DatasetResource = z
  .object({
    name: DatasetName,
    object: z.literal('dataset'),
    table: z.string().describe('Its table in the schema `datasets`, for SQL and BI tools.'),
    columns: z.array(DatasetColumn),
    rows: z.int().describe('As of the last change; an import that runs is not counted.'),
    changed_at: z.iso.datetime(),
    links: z.object({
      self: z.string(),
      rows: z.string(),
      imports: z.string().describe('Its history: what was imported into it.'),
    }),
  })
  .meta({ id: 'Dataset' });
export type DatasetResource = z.output<typeof DatasetResource>;

export const ListDatasetsQuery = z.strictObject({
  limit: Limit,
  after: DatasetName.optional().describe('The `next_cursor` of the page before.'),
});
export type ListDatasetsQuery = z.output<typeof ListDatasetsQuery>;

/** One row: `_id`, `_import_id` and the columns of the dataset. */
export const DatasetRow = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .meta({
    id: 'DatasetRow',
    description:
      '`_id` and `_import_id`, then the columns. `bigint` is a number up to 2^53 - 1 and a string ' +
      'beyond; `numeric` is always a string, so that no digit is lost; `double` is a number, or one of ' +
      '"NaN", "Infinity", "-Infinity"; `date` is "2026-01-31"; `timestamptz` is RFC 3339 in UTC.',
  });
export type DatasetRow = z.output<typeof DatasetRow>;

export const ListRowsQuery = z.strictObject({
  limit: Limit,
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The `next_cursor` of the page before: the `_id` of its last row.'),
});
export type ListRowsQuery = z.output<typeof ListRowsQuery>;
