import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { DatasetName } from './dataset-columns.js';
import { aboutImport, ImportTotals, Notify } from './import-messages.js';

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
    rejections: z.array(
      z.object({
        code: z.string(),
        column: z.string().nullable(),
        rows: z.int().min(1),
        /** The first of them, so that a person can find it. */
        firstLine: z.int().min(1),
        message: z.string(),
      }),
    ),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type ImportCompleted = PayloadOf<typeof ImportCompleted>;
