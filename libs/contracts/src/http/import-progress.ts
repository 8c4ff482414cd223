import { z } from 'zod';

export const PhaseProgress = z
  .object({
    name: z
      .enum(['converting', 'loading', 'merging', 'reverting'])
      .describe(
        '`converting` makes a packed or otherwise encoded file plain; `loading` reads rows and commits ' +
          'them, or sets them aside; `merging` takes those set aside over into the dataset; `reverting` ' +
          'takes rows back out.',
      ),
    state: z.enum(['waiting', 'running', 'done', 'stopped']),
    done: z.int(),
    total: z.int().describe('0 while it is not known.'),
    unit: z.enum(['bytes', 'rows', 'parts']),
    percent: z.int().min(0).max(100).describe('100 only when it is done.'),
    rate_per_s: z.number().nullable().describe('Units a second lately, while it runs.'),
    eta_s: z.int().nullable().describe('Seconds it probably still takes, while it runs.'),
  })
  .meta({ id: 'PhaseProgress' });
export type PhaseProgress = z.output<typeof PhaseProgress>;

/** How far an import has come. Every number is of committed work, as of the last report. */
export const ImportProgress = z
  .object({
    bytes_done: z.int().describe('Bytes of the file whose rows are committed.'),
    bytes_total: z.int(),
    rows_loaded: z.int().describe('Good rows: stored, or set aside to be merged.'),
    rows_rejected: z.int(),
    rows_created: z.int().describe('Of the dataset. In a dry run: that would be.'),
    rows_updated: z.int(),
    rows_unchanged: z.int().describe('Of an upsert that would change nothing.'),
    rows_skipped: z
      .int()
      .describe(
        '`on_conflict: skip`, and rows that a later one of the file with the same key replaces.',
      ),
    percent: z.int().min(0).max(100).describe('Of all phases. 100 only after the end.'),
    rate_rows_s: z
      .number()
      .nullable()
      .describe('Rows a second lately; of the whole import when it has ended.'),
    eta_s: z.int().nullable().describe('Seconds that the running phase probably still takes.'),
    phases: z.array(PhaseProgress),
  })
  .meta({ id: 'ImportProgress' });
export type ImportProgress = z.output<typeof ImportProgress>;
