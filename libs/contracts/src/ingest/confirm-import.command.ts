import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/** A person has looked at an import that was held for review, and wants its rows in the dataset. */
export const ConfirmImport = command(
  'ingest.confirm-import.v1',
  z.object({ importId: z.uuid() }),
  aboutImport,
);
export type ConfirmImport = PayloadOf<typeof ConfirmImport>;
