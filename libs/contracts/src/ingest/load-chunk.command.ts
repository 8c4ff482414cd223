import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport, FileChunk } from './import-messages.js';
import { isOneOfMany } from './one-of-many.js';

/** Asks for one chunk of a file to be stored, in one transaction. Any replica may take any chunk. */
export const LoadChunk = command(
  'ingest.load-chunk.v1',
  z.object({ importId: z.uuid(), chunk: FileChunk }),
  aboutImport,
  ({ chunk }) => isOneOfMany(chunk.number),
);
export type LoadChunk = PayloadOf<typeof LoadChunk>;
