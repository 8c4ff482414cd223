import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutImport, FilePosition } from './import-messages.js';

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
);
export type SplitFile = PayloadOf<typeof SplitFile>;
