import { z } from 'zod';
import { always, event, type PayloadOf } from '../message.js';
import { aboutImport, ImportTotals } from './import-messages.js';

/**
 * Says how far an import has come.
 *
 * Carries totals, never differences: a listener that misses one, or sees one twice, is right again
 * with the next. At most four a second for one import.
 */
export const ImportProgressed = event(
  'ingest.import-progressed.v1',
  ImportTotals.extend({
    importId: z.uuid(),
    /** Grows by one with each report of the same import; an older one may be dropped. */
    sequence: z.int().min(1),
  }),
  aboutImport,
  always,
);
export type ImportProgressed = PayloadOf<typeof ImportProgressed>;
