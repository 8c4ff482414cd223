import { z } from 'zod';

/** The types a dataset column can have; each is a PostgreSQL type of (nearly) the same name. */
export const ColumnType = z.enum([
  'text',
  'bigint',
  'numeric',
  'double',
  'boolean',
  'date',
  'timestamptz',
  'uuid',
]);
export type ColumnType = z.output<typeof ColumnType>;

export const DatasetColumn = z.object({
  /** The name of the column in the table. */
  name: z.string().min(1).max(63),
  type: ColumnType,
  nullable: z.boolean(),
});
export type DatasetColumn = z.output<typeof DatasetColumn>;

/** A dataset is a table of this name in the schema `datasets`. */
export const DatasetName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use lower-case letters, digits and _, starting with a letter.');
