import type pg from 'pg';
import { asAdministrator, dropDatabase } from './provision-database.mts';
import { deleteVhost } from './provision-broker.mts';
import { managementGet } from './rabbitmq-management.mts';
import type { Servers } from './servers.mts';

/** What tests call the databases and virtual hosts they make. */
const MADE_BY_TESTS = /^(offload[_-]test[_-]|e2e_)/;

/**
 * Removes what earlier runs left on private servers, which are this run's alone. On servers that were
 * given, others may be at work.
 */
export async function removeTestData({ postgres, rabbitmq }: Servers): Promise<void> {
  if (postgres.isPrivate) {
    for (const name of await databases(postgres.url)) {
      if (MADE_BY_TESTS.test(name)) await dropDatabase(postgres.url, name);
    }
  }
  if (rabbitmq.isPrivate && rabbitmq.managementUrl) {
    for (const name of await vhosts(rabbitmq.managementUrl)) {
      if (MADE_BY_TESTS.test(name)) await deleteVhost(rabbitmq.managementUrl, name);
    }
  }
}

async function databases(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client: pg.Client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    return rows.map(({ datname }) => datname);
  });
}

async function vhosts(managementUrl: string): Promise<string[]> {
  const answer: unknown = await managementGet(managementUrl, '/api/vhosts');
  return Array.isArray(answer) ? answer.map(({ name }: { name: string }) => name) : [];
}
