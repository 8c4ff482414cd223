import { z } from 'zod';
import { ColumnName } from './dataset-columns.js';

/**
 * How an import reads a file and what it does with the rows.
 *
 * The API and the messages share these shapes, so their names are single words. Whatever is left out is
 * detected, or has the default that is named here.
 */

const OneCharacter = z
  .string()
  .refine((text) => Array.from(text).length === 1, 'Give exactly one character.')
  .refine((text) => !/[\r\n\0]/.test(text), 'A line break or a zero byte cannot be used.');

export const SourceFormat = z.enum(['csv', 'ndjson', 'json', 'xlsx']);
export type SourceFormat = z.output<typeof SourceFormat>;

export const SourceEncoding = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']);
export type SourceEncoding = z.output<typeof SourceEncoding>;

/** How a file is written. */
export const SourceOptions = z.strictObject({
  format: SourceFormat.optional(),
  packing: z.enum(['none', 'gzip', 'zip']).optional(),
  entry: z.string().min(1).max(1000).optional().describe('The file to take out of a zip archive.'),
  encoding: SourceEncoding.optional(),
  delimiter: OneCharacter.optional().describe('Between the fields of CSV, `\\t` for TSV.'),
  quote: OneCharacter.nullable()
    .optional()
    .describe('Around fields of CSV; null when there is none.'),
  escape: OneCharacter.nullable()
    .optional()
    .describe('Before a quote inside a quoted field. Left out or null: the quote is doubled.'),
  newline: z.enum(['lf', 'crlf', 'cr']).optional(),
  header: z.boolean().optional().describe('Whether the first row names the columns.'),
  skip: z.int().min(0).max(10_000).optional().describe('Lines before the header that are no data.'),
  footer: z.int().min(0).max(10_000).optional().describe('Rows at the end that are no data.'),
  sheet: z
    .union([z.string().min(1).max(100), z.int().min(1).max(10_000)])
    .optional()
    .describe('Of a workbook: its name, or its place counted from 1. (Default: the first)'),
});
export type SourceOptions = z.output<typeof SourceOptions>;

const Words = z.array(z.string().max(100)).max(100);

/** How values are written. What is left out is read as PostgreSQL reads it: `1234.5`, `2026-01-31`, `true`. */
export const ValueOptions = z.strictObject({
  nulls: Words.optional().describe(
    'Words that mean “no value”, beside the empty field. `["NULL","n/a"]`',
  ),
  decimal: z.enum(['.', ',']).optional(),
  thousands: z
    .enum([',', '.', ' ', "'", '_'])
    .optional()
    .describe('` ` covers the non-breaking spaces.'),
  dates: z.enum(['ymd', 'dmy', 'mdy']).optional().describe('The order of day, month and year.'),
  trues: Words.optional().describe('Words for true, compared without case. `["yes","ja","x"]`'),
  falses: Words.optional(),
  trim: z.boolean().optional().describe('Cut white space off both ends of every value.'),
});
export type ValueOptions = z.output<typeof ValueOptions>;

/** Where the values of one column of the dataset come from: a column of the file, or a constant. */
export const ColumnMapping = z
  .strictObject({
    to: ColumnName.describe('A column of the dataset.'),
    from: z.string().max(1000).optional().describe('A column of the file, as the file names it.'),
    constant: z.string().max(10_000).nullable().optional().describe('The same value in every row.'),
    transforms: z
      .array(z.enum(['trim', 'lower', 'upper', 'squeeze']))
      .max(4)
      .optional()
      .describe('In this order. `squeeze` makes runs of white space one space.'),
    nulls: Words.optional().describe('Words that mean “no value” in this column.'),
  })
  .refine(
    ({ from, constant }) => (from === undefined) !== (constant === undefined),
    'Give either `from` or `constant`.',
  );
export type ColumnMapping = z.output<typeof ColumnMapping>;

export const Mapping = z.strictObject({
  columns: z.array(ColumnMapping).min(1).max(1597),
  others: z
    .enum(['match', 'ignore'])
    .default('match')
    .describe(
      'The columns of the file that are not named: `match` takes them by name and refuses the file over an unknown one, `ignore` leaves them out.',
    ),
});
export type Mapping = z.output<typeof Mapping>;

export const RejectLimit = z
  .strictObject({
    rows: z.int().min(0).optional(),
    percent: z.number().min(0).max(100).optional().describe('Of all rows of the file.'),
  })
  .refine(
    ({ rows, percent }) => rows !== undefined || percent !== undefined,
    'Give `rows`, `percent` or both.',
  );
export type RejectLimit = z.output<typeof RejectLimit>;

export const ImportMode = z.enum(['append', 'upsert', 'replace']);
export type ImportMode = z.output<typeof ImportMode>;
export const OnConflict = z.enum(['update', 'skip', 'error']);
export const OnError = z.enum(['quarantine', 'abort']);

/** What an import was asked to do, as the messages carry it. */
export const ImportOptions = z.object({
  source: z.object(SourceOptions.shape).default({}),
  values: z.object(ValueOptions.shape).default({}),
  mapping: Mapping.optional(),
  mode: ImportMode.default('append'),
  /** Of an upsert. Left out: the first key of the dataset. */
  key: z.array(ColumnName).min(1).max(16).optional(),
  onConflict: OnConflict.default('update'),
  onError: OnError.default('quarantine'),
  rejectLimit: RejectLimit.optional(),
  dryRun: z.boolean().default(false),
  holdForReview: z.boolean().default(false),
});
export type ImportOptions = z.output<typeof ImportOptions>;
