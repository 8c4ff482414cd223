import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/** Asks for an import to stop at its next chunk, and for the rows it has stored to stay or to go. */
export const CancelImport = command(
  'ingest.cancel-import.v1',
  z.object({ importId: z.uuid(), keepRows: z.boolean() }),
  aboutImport,
);
export type CancelImport = PayloadOf<typeof CancelImport>;
