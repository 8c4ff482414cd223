import {
  asAdministrator,
  provisionRoles,
  quote,
  withDatabase,
} from '../../apps/migrate/src/provision-roles.ts';
import { SERVICES, type Service } from './services.mts';

export { asAdministrator };

/** One PostgreSQL address per service and, on a private server, one for BI tools, which read datasets alone. */
export type DatabaseUrls = Record<Service, string> & { reader?: string };

export interface ProvisionOptions {
  /** The database; made when missing. */
  database: string;
  /** Gives the password of each role. */
  passwordOf: (role: string) => string;
}

/**
 * Makes the database with a role and a schema per service, as the image `migrate` does. Safe to repeat.
 * The roles are named after the database, so that several are on one server.
 */
export async function provisionDatabase(
  adminUrl: string,
  { database, passwordOf }: ProvisionOptions,
): Promise<Required<DatabaseUrls>> {
  const url = withDatabase(adminUrl, database);
  const urlOf = (who: Service | 'reader'): string => {
    const role = roleOf(database, who);
    return withUser(url, role, passwordOf(role));
  };
  const addresses = { ...mapServices(urlOf), reader: urlOf('reader') };
  await provisionRoles(adminUrl, addresses);
  return addresses;
}

/** The database at DATABASE_URL as it is, for every service. */
export function sameForAll(url: string): DatabaseUrls {
  return mapServices(() => url);
}

/** Drops a database and the roles that `provisionDatabase` made with it, whoever is connected. */
export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  await asAdministrator(adminUrl, async (client) => {
    await client.query(`drop database if exists ${quote(database)} with (force)`);
    for (const role of [...SERVICES, 'reader'] as const) {
      await client.query(`drop role if exists ${quote(roleOf(database, role))}`);
    }
  });
}

function mapServices(urlOf: (service: Service) => string): Record<Service, string> {
  return {
    gateway: urlOf('gateway'),
    ingest: urlOf('ingest'),
    notifier: urlOf('notifier'),
  };
}

function roleOf(database: string, who: Service | 'reader'): string {
  return `${database}_${who}`;
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
