import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutImport, ImportTotals } from './import-messages.js';

/** Says that an import that had stopped moves again: it is retried, confirmed, being fixed or being reverted. */
export const ImportResumed = event(
  'ingest.import-resumed.v1',
  ImportTotals.extend({
    importId: z.uuid(),
    sequence: z.int().min(1),
    why: z.enum(['retry', 'confirm', 'fix', 'revert']),
    resumedAt: z.iso.datetime(),
  }),
  aboutImport,
);
export type ImportResumed = PayloadOf<typeof ImportResumed>;
