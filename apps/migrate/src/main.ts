import { join } from 'node:path';
import { runMain } from '@offload/messaging';
import { connectPatiently, loadConfig } from '@offload/platform';
import { makeBucket } from '@offload/storage';
import { MigrateConfig } from './config.js';
import { declareQueues } from './declare-queues.js';
import { findHandlers } from './find-handlers.js';
import { migrateSchemas, type Service, SERVICES } from './migrate-schemas.js';
import { provisionRoles } from './provision-roles.js';

/**
 * Prepares a deployment, before its services are started or replaced: the roles and schemas where an administrator's
 * address is given, the tables of every service, the bucket, and the queues. Safe to repeat; ends with 1 and a
 * sentence where something is in the way.
 */
runMain('migrate', async () => {
  const config = loadConfig('migrate', MigrateConfig);
  const urlOf = (service: Service): string => addressOf(config, service);
  const { ADMIN_DATABASE_URL: adminUrl, WAIT_S: seconds } = config;
  if (adminUrl !== undefined) {
    await waitFor('ADMIN_DATABASE_URL', adminUrl, seconds);
    await provisionRoles(adminUrl, {
      gateway: urlOf('gateway'),
      ingest: urlOf('ingest'),
      notifier: urlOf('notifier'),
      reader: config.READER_DATABASE_URL,
    });
    say('the roles and their schemas are there');
  }
  for (const service of SERVICES) {
    const own = `${service.toUpperCase()}_DATABASE_URL`;
    await waitFor(
      config.DATABASE_URL === undefined ? own : 'DATABASE_URL',
      urlOf(service),
      seconds,
    );
  }
  await migrateSchemas(urlOf);
  if (config.STORAGE_URL !== undefined) {
    const isNew = await makeBucket(config.STORAGE_URL);
    say(isNew ? 'the bucket is made' : 'the files have their place');
  }
  if (config.RABBITMQ_URL !== undefined) {
    const handlers = findHandlers(join(__dirname, '../..'));
    await declareQueues(config.RABBITMQ_URL, { handlers, tiersMs: config.RETRY_TIERS_MS, seconds });
    say('the queues are there');
  }
});

/** Returns when the server lets this address in. */
async function waitFor(variable: string, url: string, seconds: number): Promise<void> {
  const connected = await connectPatiently({ type: 'postgres', url }, say, { variable, seconds });
  await connected.destroy();
}

function addressOf(config: MigrateConfig, service: Service): string {
  const own = {
    gateway: config.GATEWAY_DATABASE_URL,
    ingest: config.INGEST_DATABASE_URL,
    notifier: config.NOTIFIER_DATABASE_URL,
  };
  // The configuration is complete: it has one or the other.
  return own[service] ?? config.DATABASE_URL ?? '';
}

function say(line: string): void {
  process.stdout.write(`migrate: ${line}\n`);
}
