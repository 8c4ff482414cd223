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
  'json',
]);
export type ColumnType = z.output<typeof ColumnType>;

/** PostgreSQL keeps at most 63 bytes of a name and would cut the rest in silence. */
export const ColumnName = z
  .string()
  .min(1)
  .max(63)
  .refine((name) => utf8Length(name) <= 63, 'A name has at most 63 bytes in UTF-8.');

/** A bound of a range: a number, or the text of a number too long for JSON, a date or a time. */
const Bound = z.union([z.number(), z.string().min(1).max(100)]);

export const DatasetColumn = z.object({
  /** The name of the column in the table. */
  name: ColumnName,
  type: ColumnType,
  nullable: z.boolean(),
  /** A POSIX regular expression of PostgreSQL that a text must match somewhere; write ^…$ for the whole. */
  pattern: z.string().min(1).max(1000).optional(),
  /** Inclusive bounds of a number, a date or a time. */
  range: z.object({ min: Bound.optional(), max: Bound.optional() }).optional(),
  /** Inclusive bounds of a text's length, in characters. */
  length: z.object({ min: z.int().min(0).optional(), max: z.int().min(1).optional() }).optional(),
  /** The only texts that are allowed. */
  enum: z.array(z.string().max(500)).min(1).max(1000).optional(),
  /** Filled by the database, never by a file: a random UUID, or the time of the import. */
  generated: z.enum(['uuid', 'now']).optional(),
});
export type DatasetColumn = z.output<typeof DatasetColumn>;

/** Columns whose values together must be different in every row. The first key of a dataset is its upsert key. */
export const DatasetKey = z.array(ColumnName).min(1).max(16);
export type DatasetKey = z.output<typeof DatasetKey>;

/** A dataset is a table of this name in the schema `datasets`. */
export const DatasetName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use lower-case letters, digits and _, starting with a letter.');

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
