import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetName } from './dataset-columns.js';
import { aboutImport, ImportTotals, Notify, Rejections } from './import-messages.js';
import { ImportMode } from './import-options.js';

/** Says that every record of the file is either a row of the dataset or a reported rejected row. */
export const ImportCompleted = event(
  'ingest.import-completed.v1',
  ImportTotals.extend({
    importId: z.uuid(),
    sequence: z.int().min(1),
    dataset: DatasetName,
    fileName: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    /** How many rows were rejected for each reason, the most frequent first. */
    rejections: Rejections,
    /** Nothing was stored; the counts tell what would have been. */
    dryRun: z.boolean().default(false),
    mode: ImportMode.default('append'),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type ImportCompleted = PayloadOf<typeof ImportCompleted>;
