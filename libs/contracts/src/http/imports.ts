import { z } from 'zod';
import { DatasetColumn, DatasetName } from '../ingest/dataset-columns.js';
import { Limit } from './lists.js';
import { WorkHold } from './monitor.js';

export const ImportState = z
  .enum(['queued', 'loading', 'interrupted', 'completed', 'completed_with_errors', 'failed'])
  .describe(
    '`queued` → `loading` → `completed`, `completed_with_errors` (rows were rejected) or `failed` ' +
      '(the file cannot be imported). `interrupted`: a message of this import waits as a dead letter; ' +
      'nothing is lost, and it goes on when an operator replays it.',
  );
export type ImportState = z.output<typeof ImportState>;

export const CreateImportRequest = z
  .strictObject({
    upload_id: z.uuid(),
    dataset: z.strictObject({
      name: DatasetName,
      columns: z
        .array(z.strictObject(DatasetColumn.shape))
        .min(1)
        .max(1500)
        .refine(
          (columns) => new Set(columns.map(({ name }) => name)).size === columns.length,
          'Two columns have the same name.',
        )
        .refine(
          (columns) => columns.every(({ name }) => !name.startsWith('_')),
          'Names that begin with _ are those of our own columns.',
        )
        .refine(
          (columns) => columns.every(({ name }) => utf8Length(name) <= 63),
          'A name has at most 63 bytes in UTF-8.',
        )
        .optional()
        .describe('Left out, those of the existing dataset, or inferred from the file.'),
    }),
    name: z.string().min(1).max(200).optional().describe('For people.'),
    notify: z
      .strictObject({ email: z.email().max(320) })
      .optional()
      .describe('Whom to tell when the import has ended.'),
  })
  .meta({ id: 'CreateImport' });
export type CreateImportRequest = z.output<typeof CreateImportRequest>;

export const ImportProgress = z
  .object({
    bytes_done: z.int().describe('Bytes of the file whose rows are committed.'),
    bytes_total: z.int(),
    rows_loaded: z.int(),
    rows_rejected: z.int(),
    percent: z.int().min(0).max(100).describe('100 only when the import has completed.'),
    rate_rows_s: z.number().nullable().describe('Rows a second since it started.'),
    eta_s: z.int().nullable().describe('Seconds it probably still takes.'),
  })
  .meta({ id: 'ImportProgress' });
export type ImportProgress = z.output<typeof ImportProgress>;

export const Rejection = z
  .object({
    code: z.string(),
    column: z.string().nullable(),
    rows: z.int().describe('How many rows were rejected for this reason.'),
    first_line: z.int().describe('The line of the first of them.'),
    message: z.string(),
  })
  .meta({ id: 'Rejection' });

export const ImportResource = z
  .object({
    id: z.uuid(),
    object: z.literal('import'),
    state: ImportState,
    name: z.string().nullable(),
    upload_id: z.uuid(),
    file_name: z.string(),
    dataset: z.object({
      name: z.string(),
      columns: z.array(DatasetColumn).nullable().describe('Null until they are known.'),
    }),
    progress: ImportProgress,
    summary: z.string().nullable().describe('One sentence for people, when it has ended.'),
    rejections: z.array(Rejection).describe('The most frequent first.'),
    problem: z
      .object({ code: z.string(), detail: z.string() })
      .nullable()
      .describe('Why it has failed or is interrupted.'),
    hold: WorkHold.nullable().describe('Why it does not move: what it needs is failing.'),
    notify: z.object({ email: z.string() }).nullable(),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    links: z.object({
      self: z.string(),
      upload: z.string(),
      events: z.string().describe('Follows it live.'),
      rows: z.string(),
    }),
  })
  .meta({ id: 'Import' });
export type ImportResource = z.output<typeof ImportResource>;

export const ListImportsQuery = z.strictObject({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
  state: ImportState.optional(),
});
export type ListImportsQuery = z.output<typeof ListImportsQuery>;

/** PostgreSQL counts the length of a name in bytes. */
function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
