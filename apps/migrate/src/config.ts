import { CommonConfig, integer } from '@offload/platform';
import { storageConfig } from '@offload/storage';
import { z } from 'zod';

const address = CommonConfig.shape.DATABASE_URL;

/** What the program that prepares a deployment is told. */
export const MigrateConfig = z
  .object({
    DATABASE_URL: address
      .optional()
      .describe(
        'The address for all services, where one database user is all of them; else set all of GATEWAY_DATABASE_URL, INGEST_DATABASE_URL and NOTIFIER_DATABASE_URL.',
      ),
    GATEWAY_DATABASE_URL: address.optional().describe('What the gateway has as DATABASE_URL.'),
    INGEST_DATABASE_URL: address.optional().describe('What ingest has as DATABASE_URL.'),
    NOTIFIER_DATABASE_URL: address.optional().describe('What the notifier has as DATABASE_URL.'),
    ADMIN_DATABASE_URL: address
      .optional()
      .describe(
        'An administrator of the server. With it the database, the roles of the three addresses and their schemas are made first, and existing roles get the passwords of their addresses.',
      ),
    READER_DATABASE_URL: address
      .optional()
      .describe(
        'The address of a role for BI tools, made with the others: it reads datasets and nothing else.',
      ),
    RABBITMQ_URL: CommonConfig.shape.RABBITMQ_URL.optional().describe(
      'As the services have it. The queues of all services are declared, so that no message comes before the queue of one that listens; left out, nothing is done.',
    ),
    RETRY_TIERS_MS: CommonConfig.shape.RETRY_TIERS_MS,
    WAIT_S: integer(0, 3_600)
      .default(60)
      .describe('How long to wait for a server that does not answer yet, in seconds.'),
    STORAGE_URL: storageConfig.STORAGE_URL.describe(
      'As gateway and ingest have it. The bucket of an s3:// address is made when there is none; left out, nothing is done.',
    ),
  })
  .check(
    z.refine(isComplete, {
      path: ['DATABASE_URL'],
      error:
        'Set either DATABASE_URL, or all of GATEWAY_DATABASE_URL, INGEST_DATABASE_URL and NOTIFIER_DATABASE_URL.',
      when: () => true,
    }),
    z.refine((config) => !config.ADMIN_DATABASE_URL || !config.DATABASE_URL, {
      path: ['ADMIN_DATABASE_URL'],
      error:
        'It makes one role per service, whose names and passwords stand in GATEWAY_DATABASE_URL, INGEST_DATABASE_URL and NOTIFIER_DATABASE_URL. Set those instead of DATABASE_URL.',
    }),
    z.refine((config) => !config.READER_DATABASE_URL || config.ADMIN_DATABASE_URL !== undefined, {
      path: ['READER_DATABASE_URL'],
      error: 'Only an administrator makes roles. Set ADMIN_DATABASE_URL as well, or leave it out.',
    }),
  );
export type MigrateConfig = z.output<typeof MigrateConfig>;

interface Addresses {
  DATABASE_URL?: string | undefined;
  GATEWAY_DATABASE_URL?: string | undefined;
  INGEST_DATABASE_URL?: string | undefined;
  NOTIFIER_DATABASE_URL?: string | undefined;
}

function isComplete(config: Addresses): boolean {
  const own = [
    config.GATEWAY_DATABASE_URL,
    config.INGEST_DATABASE_URL,
    config.NOTIFIER_DATABASE_URL,
  ].filter((url) => url !== undefined);
  return config.DATABASE_URL === undefined ? own.length === 3 : own.length === 0;
}
