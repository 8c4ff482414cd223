import pg from 'pg';
import { SERVICES, type Service } from './services.mts';

/** One PostgreSQL address per service and, on a private server, one for BI tools, which read datasets alone. */
export type DatabaseUrls = Record<Service, string> & { reader?: string };

export interface ProvisionOptions {
  /** The database; made when missing. */
  database: string;
  /**
   * Gives the password of each role. Without it every service gets the administrator's address, as
   * is right for a server whose roles are somebody else's business.
   */
  passwordOf?: (role: string) => string;
}

/**
 * Makes the database, and on a private server one role and one schema per service, so that no
 * service can touch what another owns. The tables of `datasets` and `reports` are written by ingest and
 * read by the gateway; `staging`, where an import sets rows aside, is ingest's alone. One more role can
 * read `datasets` and nothing else; docs/bi-access.md has the same in SQL. Safe to repeat.
 */
export async function provisionDatabase(
  adminUrl: string,
  { database, passwordOf }: ProvisionOptions,
): Promise<DatabaseUrls> {
  const url = withDatabase(adminUrl, database);
  await asAdministrator(adminUrl, (client) => createDatabase(client, database));
  if (!passwordOf) return sameForAll(url);
  await asAdministrator(url, async (client) => {
    for (const service of SERVICES) {
      const role = roleOf(database, service);
      await createRole(client, role, passwordOf(role));
      await client.query(`create schema if not exists ${service} authorization ${role}`);
    }
    const ingest = roleOf(database, 'ingest');
    for (const schema of ['datasets', 'reports']) {
      await shareSchema(client, { schema, owner: ingest, reader: roleOf(database, 'gateway') });
    }
    await client.query(`create schema if not exists staging authorization ${ingest}`);
    const reader = roleOf(database, 'reader');
    await createRole(client, reader, passwordOf(reader));
    await boundReader(client, reader);
    await shareSchema(client, { schema: 'datasets', owner: ingest, reader });
  });
  const urlOf = (who: Service | 'reader'): string => {
    const role = roleOf(database, who);
    return withUser(url, role, passwordOf(role));
  };
  return { ...mapServices(urlOf), reader: urlOf('reader') };
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
      await client.query(`drop role if exists ${roleOf(database, role)}`);
    }
  });
}

/** Runs statements on one connection that is closed afterwards. */
export async function asAdministrator<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(client: pg.Client, database: string): Promise<void> {
  const found = await client.query('select 1 from pg_database where datname = $1', [database]);
  if (found.rowCount === 0) await client.query(`create database ${quote(database)}`);
}

async function createRole(client: pg.Client, role: string, password: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where quote_ident(rolname) = $1', [
    role,
  ]);
  const verb = found.rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${role} login password ${pg.escapeLiteral(password)}`);
}

/** People write queries by hand: one that never ends, or a session left open, must not hold up the services. */
async function boundReader(client: pg.Client, reader: string): Promise<void> {
  await client.query(`alter role ${reader} connection limit 20`);
  const settings = {
    default_transaction_read_only: 'on',
    statement_timeout: '15min',
    idle_in_transaction_session_timeout: '5min',
    search_path: 'datasets',
  };
  for (const [name, value] of Object.entries(settings)) {
    await client.query(`alter role ${reader} set ${name} = '${value}'`);
  }
}

/** Covers the tables that the owner makes later as well. */
async function shareSchema(
  client: pg.Client,
  { schema, owner, reader }: { schema: string; owner: string; reader: string },
): Promise<void> {
  await client.query(`create schema if not exists ${schema} authorization ${owner}`);
  await client.query(`grant usage on schema ${schema} to ${reader}`);
  await client.query(`grant select on all tables in schema ${schema} to ${reader}`);
  await client.query(
    `alter default privileges for role ${owner} in schema ${schema} grant select on tables to ${reader}`,
  );
}

function mapServices(urlOf: (service: Service) => string): DatabaseUrls {
  return {
    gateway: urlOf('gateway'),
    ingest: urlOf('ingest'),
    notifier: urlOf('notifier'),
  };
}

function roleOf(database: string, who: Service | 'reader'): string {
  return quote(`${database}_${who}`);
}

/** Quotes only where PostgreSQL would, so that an ordinary name looks as it is written. */
function quote(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : pg.escapeIdentifier(name);
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
