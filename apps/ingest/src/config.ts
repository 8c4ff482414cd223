import { CommonConfig, integer } from '@offload/platform';
import { storageConfig, storageIsChosen } from '@offload/storage';
import type { z } from 'zod';

/** Chunks that one process loads at once; PostgreSQL is the bottleneck, and a few connections saturate it. */
export const chunksInHand = 3;

/** What ingest is told, besides what every service is told. */
export const IngestConfig = CommonConfig.extend({
  DATABASE_POOL: integer(8, 200)
    .default(16)
    .describe(
      'Connections to PostgreSQL that one process holds at most; each message in hand needs one.',
    ),
  ...storageConfig,
}).check(storageIsChosen);
export type IngestConfig = z.output<typeof IngestConfig>;
