import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport, ImportTotals, Notify, Rejections } from './import-messages.js';

/** Says that the file cannot be imported as it is, and why, in words for the person who sent it. */
export const ImportFailed = event(
  'ingest.import-failed.v1',
  z.object({
    importId: z.uuid(),
    fileName: z.string(),
    code: z.string().min(1),
    message: z.string().min(1),
    /** Where it stands; nothing of it is in the dataset unless rows were kept. */
    totals: ImportTotals.optional(),
    rejections: Rejections.default([]),
    sequence: z.int().min(0).default(0),
    failedAt: z.iso.datetime(),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type ImportFailed = PayloadOf<typeof ImportFailed>;
