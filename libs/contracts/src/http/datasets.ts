import { z } from 'zod';
import { DatasetColumn, DatasetKey, DatasetName } from '../ingest/dataset-columns.js';
import { Limit } from './lists.js';

export const DatasetState = z
  .enum(['creating', 'ready', 'changing', 'dropping', 'failed'])
  .describe(
    '`creating` → `ready`, or `failed`: it could not be made, and `problem` says why. `changing` and ' +
      '`dropping`: columns and keys are being added, or the dataset is about to be gone; what cannot be done ' +
      'leaves it `ready`, with a `problem`.',
  );
export type DatasetState = z.output<typeof DatasetState>;

export const DatasetProblem = z.object({
  action: z.enum(['create', 'extend', 'drop', 'restore']).describe('What could not be done.'),
  code: z.string(),
  detail: z.string().describe('Why, for people.'),
  at: z.iso.datetime(),
});
export type DatasetProblem = z.output<typeof DatasetProblem>;

export const DatasetResource = z
  .object({
    name: DatasetName,
    object: z.literal('dataset'),
    state: DatasetState,
    table: z
      .string()
      .nullable()
      .describe('Its table in the schema `datasets`, for SQL and BI tools; null until it is made.'),
    columns: z.array(DatasetColumn).describe('With what they ask of their values.'),
    keys: z.array(DatasetKey).describe('The first is the one that upserts go by.'),
    rows: z.int().describe('As of the last change; an import that runs is not counted.'),
    problem: DatasetProblem.nullable().describe('What was asked for last and could not be done.'),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime().nullable().describe('Null until it is made.'),
    links: z.object({
      self: z.string(),
      rows: z.string(),
      csv: z.string(),
      ndjson: z.string(),
      imports: z.string().describe('Its history: what was imported into it.'),
    }),
  })
  .meta({ id: 'Dataset' });
export type DatasetResource = z.output<typeof DatasetResource>;

/** A column as it is declared: unknown rules are told, and it may be empty unless it says otherwise. */
export const DeclaredColumn = z
  .strictObject({
    ...DatasetColumn.shape,
    nullable: DatasetColumn.shape.nullable.default(true),
    range: DatasetColumn.shape.range.unwrap().strict().optional(),
    length: DatasetColumn.shape.length.unwrap().strict().optional(),
  })
  .meta({ id: 'DeclaredColumn' });

const columns = z.array(DeclaredColumn).max(1597);
const keys = z
  .array(DatasetKey)
  .max(8)
  .describe('Columns whose values together must be different in every row; null is no value.');

export const CreateDatasetRequest = z
  .strictObject({ name: DatasetName, columns: columns.min(1), keys: keys.default([]) })
  .meta({ id: 'CreateDataset' });
export type CreateDatasetRequest = z.output<typeof CreateDatasetRequest>;

export const ExtendDatasetRequest = z
  .strictObject({
    columns: columns.default([]).describe('To add.'),
    keys: keys.default([]).describe('To add.'),
  })
  .refine(
    (request) => request.columns.length + request.keys.length > 0,
    'Give columns, keys or both.',
  )
  .meta({ id: 'ExtendDataset' });
export type ExtendDatasetRequest = z.output<typeof ExtendDatasetRequest>;

export const ListDatasetsQuery = z.strictObject({
  limit: Limit,
  after: DatasetName.optional().describe('The `next_cursor` of the page before.'),
});
export type ListDatasetsQuery = z.output<typeof ListDatasetsQuery>;
