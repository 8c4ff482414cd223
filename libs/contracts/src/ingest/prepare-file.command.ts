import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/**
 * Asks for a file that is packed, encoded or written in a way that cannot be cut into chunks to be made plain, as
 * a second file beside the first.
 */
export const PrepareFile = command(
  'ingest.prepare-file.v1',
  z.object({ importId: z.uuid() }),
  aboutImport,
);
export type PrepareFile = PayloadOf<typeof PrepareFile>;
