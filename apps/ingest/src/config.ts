import { CommonConfig, integer } from '@offload/platform';
import { storageConfig, storageIsChosen } from '@offload/storage';
import { DEFAULT_SOURCE_LIMITS, type SourceLimits } from '@offload/formats';
import { z } from 'zod';

/** Chunks that one process loads at once; PostgreSQL is the bottleneck, and a few connections saturate it. */
export const chunksInHand = 3;

/** Parts of merges that one process works on at once: each sorts some hundred thousand rows. */
export const mergesInHand = 2;

/** What ingest is told, besides what every service is told. */
export const IngestConfig = CommonConfig.extend({
  DATABASE_POOL: integer(8, 200)
    .default(16)
    .describe(
      'Connections to PostgreSQL that one process holds at most; each message in hand needs one.',
    ),
  REPLACED_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .default(7)
    .describe(
      'How long what an import has replaced, changed or set aside is kept after its end, in days: to revert it, to restore the dataset, to retry it.',
    ),
  ...storageConfig,
}).check(storageIsChosen);
export type IngestConfig = z.output<typeof IngestConfig>;

/** How much a packed file may unfold to, and how long a record may be. */
export const sourceLimits: SourceLimits = DEFAULT_SOURCE_LIMITS;
