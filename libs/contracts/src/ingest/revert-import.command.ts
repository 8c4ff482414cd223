import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/** Asks for a finished import to be undone, or for the counts of what that would do. */
export const RevertImport = command(
  'ingest.revert-import.v1',
  z.object({ importId: z.uuid(), dryRun: z.boolean() }),
  aboutImport,
);
export type RevertImport = PayloadOf<typeof RevertImport>;
