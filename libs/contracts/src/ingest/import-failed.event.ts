import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport, Notify } from './import-messages.js';

/** Says that the file cannot be imported as it is, and why, in words for the person who sent it. */
export const ImportFailed = event(
  'ingest.import-failed.v1',
  z.object({
    importId: z.uuid(),
    fileName: z.string(),
    code: z.string().min(1),
    message: z.string().min(1),
    failedAt: z.iso.datetime(),
    notify: Notify.optional(),
  }),
  aboutImport,
);
export type ImportFailed = PayloadOf<typeof ImportFailed>;
