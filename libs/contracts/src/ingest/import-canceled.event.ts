import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport, ImportTotals, Notify } from './import-messages.js';

/** Says that a canceled import has stopped for good; its totals tell which rows stay. */
export const ImportCanceled = event(
  'ingest.import-canceled.v1',
  ImportTotals.extend({
    importId: z.uuid(),
    sequence: z.int().min(1),
    fileName: z.string(),
    keptRows: z.boolean(),
    canceledAt: z.iso.datetime(),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type ImportCanceled = PayloadOf<typeof ImportCanceled>;
