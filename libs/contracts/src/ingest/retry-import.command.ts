import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/** Asks for an import that failed, was canceled or is stuck to go on with the first chunk that is not committed. */
export const RetryImport = command(
  'ingest.retry-import.v1',
  z.object({ importId: z.uuid() }),
  aboutImport,
);
export type RetryImport = PayloadOf<typeof RetryImport>;
