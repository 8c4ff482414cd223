import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport, FilePosition } from './import-messages.js';
import { isOneOfMany } from './one-of-many.js';

/** Asks for the next stretch of a file to be cut into chunks; a long file is cut by many of these. */
export const SplitFile = command(
  'ingest.split-file.v1',
  z.object({
    importId: z.uuid(),
    at: FilePosition,
    /** The number the first chunk of this stretch gets. */
    nextChunk: z.int().min(0),
  }),
  aboutImport,
  ({ nextChunk }) => isOneOfMany(Math.ceil(nextChunk / chunksOfAStretch)),
);

/** About; a message of this kind does not say how many came before it. */
const chunksOfAStretch = 16;
export type SplitFile = PayloadOf<typeof SplitFile>;
