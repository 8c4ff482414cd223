import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import pg from 'pg';
import type { Lifetime } from '../lifetime.mts';
import { createVhost, deleteVhost } from '../provision-broker.mts';
import { dropDatabase, provisionDatabase } from '../provision-database.mts';
import type { Servers } from '../servers.mts';
import { Stack } from '../stack.mts';
import { RelayUnderSoak } from './relay-under-soak.mts';
import { SoakClient } from './soak-client.mts';

const NAME = 'soak';

/** Everything that a soak works with. */
export interface Soaked {
  stack: Stack;
  client: SoakClient;
  relay: RelayUnderSoak;
  /** An administrator's connections, to the stack's database. */
  db: pg.Pool;
  managementUrl: string;
}

/** Fresh: what an earlier soak left is removed first. */
export async function startSoakStack(
  lifetime: Lifetime,
  { folder, postgres, rabbitmq }: Servers,
): Promise<Soaked> {
  const { managementUrl } = rabbitmq;
  if (managementUrl === undefined)
    throw new Error(
      'The soak looks at the broker by its management API: set RABBITMQ_MANAGEMENT_URL.',
    );
  const relay = await RelayUnderSoak.start();
  lifetime.add('relay', () => relay.stop());
  await dropDatabase(postgres.url, NAME);
  const password = randomBytes(12).toString('hex');
  const databaseUrls = await provisionDatabase(postgres.url, {
    database: NAME,
    passwordOf: () => password,
  });
  await deleteVhost(managementUrl, NAME);
  const rabbitmqUrl = await createVhost(rabbitmq.url, managementUrl, NAME);
  // Retries that a short run can see the end of.
  const env = { RETRY_TIERS_MS: '500,2000,5000' };
  const stack = await Stack.start({
    databaseUrls,
    rabbitmqUrl,
    rabbitmqManagementUrl: managementUrl,
    smtpUrl: relay.url,
    folder: folder.path,
    env: { gateway: env, ingest: env, notifier: env },
  });
  lifetime.add('services', async () => {
    await stack.stop();
    rmSync(stack.storageFolder, { recursive: true, force: true });
  });
  const url = new URL(postgres.url);
  url.pathname = `/${NAME}`;
  const db = new pg.Pool({ connectionString: url.href, max: 2 });
  db.on('error', () => undefined);
  lifetime.add('database connections', () => db.end());
  return { stack, relay, db, managementUrl, client: new SoakClient(stack) };
}
