import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport, FileChunk } from './import-messages.js';

/** Asks for one chunk of a file to be stored, in one transaction. Any replica may take any chunk. */
export const LoadChunk = command(
  'ingest.load-chunk.v1',
  z.object({ importId: z.uuid(), chunk: FileChunk }),
  aboutImport,
);
export type LoadChunk = PayloadOf<typeof LoadChunk>;
