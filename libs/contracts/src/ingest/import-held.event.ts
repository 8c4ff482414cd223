import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport, ImportTotals, Rejections } from './import-messages.js';

/** Says that the rows are set aside and counted, and that nothing reaches the dataset until somebody confirms. */
export const ImportHeld = event(
  'ingest.import-held.v1',
  ImportTotals.extend({
    importId: z.uuid(),
    sequence: z.int().min(1),
    rejections: Rejections,
    heldAt: z.iso.datetime(),
  }),
  aboutImport,
);
export type ImportHeld = PayloadOf<typeof ImportHeld>;
