import { z } from 'zod';
import { always, command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/** Asks for the next stretch of an import's rows to be taken back out of the dataset, in one transaction. */
export const RevertRows = command(
  'ingest.revert-rows.v1',
  z.object({ importId: z.uuid() }),
  aboutImport,
  always,
);
export type RevertRows = PayloadOf<typeof RevertRows>;
