import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport, ImportTotals } from './import-messages.js';

/** Says what undoing an import has done to the dataset or, in a dry run, what it would do. */
export const ImportReverted = event(
  'ingest.import-reverted.v1',
  z.object({
    importId: z.uuid(),
    dryRun: z.boolean(),
    /** Rows that the import created and that are gone. */
    rowsRemoved: z.int().min(0),
    /** Rows that the import changed and that have their former values again. */
    rowsRestored: z.int().min(0),
    /** Rows that somebody else has changed since; they stay as they are and are listed. */
    rowsKept: z.int().min(0),
    /** Of the import, as they stand. */
    totals: ImportTotals,
    sequence: z.int().min(1),
    revertedAt: z.iso.datetime(),
  }),
  aboutImport,
);
export type ImportReverted = PayloadOf<typeof ImportReverted>;
