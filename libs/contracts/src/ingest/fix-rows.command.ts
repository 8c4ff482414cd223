import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport, FileReference } from './import-messages.js';

/**
 * Asks for corrected rows to be loaded by the import that rejected them. The file is the list of rejected rows as it
 * was downloaded, with `_row`; rows that are missing from it stay rejected.
 */
export const FixRows = command(
  'ingest.fix-rows.v1',
  z.object({ importId: z.uuid(), fixId: z.uuid(), file: FileReference }),
  aboutImport,
);
export type FixRows = PayloadOf<typeof FixRows>;
