import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';
import { isOneOfMany } from './one-of-many.js';

/**
 * Asks for one part of the rows that an import has set aside to be taken over into its dataset, in one transaction.
 * All rows with the same key are in the same part, so parts may be merged side by side.
 */
export const MergeRows = command(
  'ingest.merge-rows.v1',
  z.object({ importId: z.uuid(), part: z.int().min(0) }),
  aboutImport,
  ({ part }) => isOneOfMany(part),
);
export type MergeRows = PayloadOf<typeof MergeRows>;
