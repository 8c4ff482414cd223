import { z } from 'zod';

/** What can be asked of an import once it is accepted. */
export const ImportAction = z.enum(['confirm', 'cancel', 'retry', 'fix', 'revert']);
export type ImportAction = z.output<typeof ImportAction>;

/** The body of acts that need no more than to be asked for. */
export const EmptyRequest = z.strictObject({});

export const CancelImportRequest = z
  .strictObject({
    keep_rows: z
      .boolean()
      .default(false)
      .describe('Whether the rows stored so far stay. (Default: they are removed)'),
  })
  .meta({ id: 'CancelImport' });
export type CancelImportRequest = z.output<typeof CancelImportRequest>;

export const FixImportRequest = z
  .strictObject({
    upload_id: z.uuid().describe('The corrected list: an upload that is ready.'),
  })
  .meta({ id: 'FixImport' });
export type FixImportRequest = z.output<typeof FixImportRequest>;

export const RevertImportQuery = z.strictObject({
  dry_run: z
    .enum(['0', '1', 'false', 'true'])
    .default('0')
    .transform((given) => given === '1' || given === 'true')
    .describe('`1`: undoes nothing, and tells in `revert_preview` what it would do.'),
});
export type RevertImportQuery = z.output<typeof RevertImportQuery>;

/** What was asked of an import last, and what came of it. */
export const LastAction = z
  .object({
    action: ImportAction,
    outcome: z
      .enum(['pending', 'taken', 'overtaken', 'refused'])
      .describe(
        '`pending`: not answered yet. `taken`: it was done or goes on. `overtaken`: the import ended ' +
          'before it could be done. `refused`: the import is what it was before, and `detail` says why.',
      ),
    asked_at: z.iso.datetime(),
    asked_by: z.string().nullable().describe('The name of the API key.'),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'LastAction' });
export type LastAction = z.output<typeof LastAction>;

/** What undoing an import has done, or would do. */
export const RevertCounts = z
  .object({
    rows_removed: z.int().describe('Created by the import, and gone.'),
    rows_restored: z.int().describe('Changed by the import, and as they were before it.'),
    rows_kept: z.int().describe('Changed by somebody else since; they stay, and are listed.'),
  })
  .meta({ id: 'RevertCounts' });
export type RevertCounts = z.output<typeof RevertCounts>;

export const RevertPreview = z
  .object({
    state: z.enum(['pending', 'ready', 'refused']),
    counts: RevertCounts.nullable().describe('When it is ready.'),
    detail: z.string().nullable().describe('Why it was refused.'),
    asked_at: z.iso.datetime(),
    answered_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'RevertPreview' });
export type RevertPreview = z.output<typeof RevertPreview>;
