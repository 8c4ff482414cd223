import { z } from 'zod';
import { DatasetColumn, DatasetKey, DatasetName } from '../ingest/dataset-columns.js';
import {
  ImportMode,
  Mapping,
  OnConflict,
  OnError,
  RejectLimit,
  SourceOptions,
  ValueOptions,
} from '../ingest/import-options.js';
import { ImportAction, LastAction, RevertCounts, RevertPreview } from './import-actions.js';
import { ImportProgress } from './import-progress.js';
import { Limit } from './lists.js';
import { WorkHold } from './monitor.js';

export const ImportState = z
  .enum([
    'queued',
    'loading',
    'awaiting_review',
    'finalizing',
    'canceling',
    'canceled',
    'reverting',
    'reverted',
    'interrupted',
    'completed',
    'completed_with_errors',
    'failed',
  ])
  .describe(
    '`queued` → `loading` → `finalizing` (rows set aside are taken over) → `completed`, ' +
      '`completed_with_errors` (rows were rejected) or `failed` (the file cannot be imported). ' +
      '`awaiting_review`: nothing reaches the dataset until somebody confirms. `canceling` → `canceled`. ' +
      '`reverting` → `reverted`. `interrupted`: a message of this import waits as a dead letter; nothing is ' +
      'lost, and it goes on when an operator replays it.',
  );
export type ImportState = z.output<typeof ImportState>;

export const Rejection = z
  .object({
    code: z.string(),
    column: z.string().nullable(),
    rows: z.int().describe('How many rows were rejected for this reason.'),
    first_line: z.int().describe('The line of the first of them.'),
    message: z.string(),
  })
  .meta({ id: 'Rejection' });
export type Rejection = z.output<typeof Rejection>;

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
      keys: z.array(DatasetKey).nullable().describe('As they were asked for.'),
    }),
    source: SourceOptions.describe('As it was told.'),
    read_as: SourceOptions.nullable().describe('As the file was read: told and detected.'),
    source_columns: z
      .array(z.string())
      .nullable()
      .describe('The columns of the file as it names them; null until they are known.'),
    values: ValueOptions,
    mapping: Mapping.nullable(),
    mapping_id: z.uuid().nullable().describe('The saved mapping that was named.'),
    mode: ImportMode,
    key: z.array(z.string()).nullable(),
    on_conflict: OnConflict.nullable().describe('Of an upsert.'),
    on_error: OnError,
    reject_limit: RejectLimit.nullable(),
    dry_run: z.boolean(),
    hold_for_review: z.boolean(),
    attempt: z.int().min(1).describe('Grows by one with each retry.'),
    progress: ImportProgress,
    summary: z
      .string()
      .nullable()
      .describe('One sentence for people, when it has ended or waits for review.'),
    rejections: z.array(Rejection).describe('The most frequent first.'),
    problem: z
      .object({ code: z.string(), detail: z.string() })
      .nullable()
      .describe('Why it has failed or is interrupted.'),
    hold: WorkHold.nullable().describe('Why it does not move: what it needs is failing.'),
    notify: z.object({ email: z.string() }).nullable(),
    allowed_actions: z.array(ImportAction).describe('What can be asked of it in this state.'),
    last_action: LastAction.nullable(),
    revert_preview: RevertPreview.nullable(),
    reverted: RevertCounts.nullable().describe('What undoing it has done.'),
    created_by: z
      .object({ key_id: z.uuid(), name: z.string().nullable().describe('Of the API key.') })
      .nullable(),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    links: z.object({
      self: z.string(),
      upload: z.string(),
      events: z.string().describe('Follows it live.'),
      rows: z.string(),
      errors: z.string().describe('The rejected rows.'),
      errors_csv: z.string().describe('The same, to be corrected and posted to `fix`.'),
      kept_rows: z.string().describe('Rows that a revert has left as they are.'),
      history: z.string().describe('All imports into this dataset.'),
    }),
  })
  .meta({ id: 'Import' });
export type ImportResource = z.output<typeof ImportResource>;

export const ListImportsQuery = z.strictObject({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
  state: ImportState.optional(),
  dataset: DatasetName.optional().describe('Only those into this dataset: its history.'),
});
export type ListImportsQuery = z.output<typeof ListImportsQuery>;
