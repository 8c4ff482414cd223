import { CommonConfig, integer } from '@offload/platform';
import { z } from 'zod';

/** Chunks that one process loads at once; PostgreSQL is the bottleneck, and a few connections saturate it. */
export const chunksInHand = 3;

/** What ingest is told, besides what every service is told. */
export const IngestConfig = CommonConfig.extend({
  DATABASE_POOL: integer(8, 200)
    .default(16)
    .describe(
      'Connections to PostgreSQL that one process holds at most; each message in hand needs one.',
    ),
  STORAGE_FOLDER: z
    .string()
    .startsWith('/')
    .describe('The folder with the uploaded files, shared with the gateway, as an absolute path.'),
});
export type IngestConfig = z.output<typeof IngestConfig>;
