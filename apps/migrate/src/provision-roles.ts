import pg from 'pg';

/** The address that each service connects with; `reader`, for BI tools, reads datasets alone. */
export interface RoleAddresses {
  gateway: string;
  ingest: string;
  notifier: string;
  reader?: string | undefined;
}

/**
 * Makes the database that the addresses name, one role for each address with the password it carries, and one
 * schema per service, so that no service can touch what another owns.
 *
 * The tables of `datasets` and `reports` are written by ingest and read by the gateway; `staging`, where an
 * import sets rows aside, is ingest's alone. The reader can read `datasets` and nothing else; docs/bi-access.md has
 * the same in SQL. Safe to repeat, and to run twice at once: one waits for the other. A role that is there
 * gets the password of its address, which is how passwords are changed. The administrator may make databases and roles and needs no other right.
 */
export async function provisionRoles(adminUrl: string, addresses: RoleAddresses): Promise<void> {
  const database = theDatabaseOf(addresses);
  await asAdministrator(adminUrl, async (gate) => {
    await gate.query(`select pg_advisory_lock(hashtextextended('provision roles', 0))`);
    await createDatabase(gate, database);
    await provisionDatabase(withDatabase(adminUrl, database), addresses);
  });
}

async function provisionDatabase(url: string, addresses: RoleAddresses): Promise<void> {
  const [gateway, ingest, notifier] = [addresses.gateway, addresses.ingest, addresses.notifier].map(
    roleOf,
  ) as [Role, Role, Role];
  await asAdministrator(url, async (client) => {
    for (const [schema, role] of Object.entries({ gateway, ingest, notifier })) {
      await createRole(client, role);
      await createSchema(client, schema, role);
    }
    for (const schema of ['datasets', 'reports']) {
      await shareSchema(client, { schema, owner: ingest, reader: gateway });
    }
    await createSchema(client, 'staging', ingest);
    if (addresses.reader === undefined) return;
    const reader = roleOf(addresses.reader);
    await createRole(client, reader);
    await boundReader(client, reader);
    await shareSchema(client, { schema: 'datasets', owner: ingest, reader });
  });
}

/** Runs statements on one connection that is closed afterwards. */
export async function asAdministrator<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'offload migrate' });
  // One that breaks while nothing is asked of it is told by the next statement.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Always in quotes: `user` and `order` are names as well. */
export function quote(name: string): string {
  return pg.escapeIdentifier(name);
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

interface Role {
  plainName: string;
  /** As it stands in a statement. */
  name: string;
  password: string;
}

function roleOf(address: string): Role {
  const { username, password } = new URL(address);
  const plainName = decodeURIComponent(username);
  return { plainName, name: quote(plainName), password: decodeURIComponent(password) };
}

/** The gateway reads in place what ingest writes, so all of them are in one database. */
function theDatabaseOf(addresses: RoleAddresses): string {
  const names = Object.values(addresses).map((address: string | undefined) =>
    address === undefined ? '' : decodeURIComponent(new URL(address).pathname.slice(1)),
  );
  const [database, ...others] = new Set(names.filter((name) => name !== ''));
  if (database !== undefined && others.length === 0) return database;
  throw new Error(
    `The addresses of the services have to name one and the same database, and they name ${[database, ...others].join(', ') || 'none'}.`,
  );
}

async function createDatabase(client: pg.Client, database: string): Promise<void> {
  const found = await client.query('select 1 from pg_database where datname = $1', [database]);
  if (found.rowCount === 0) await client.query(`create database ${quote(database)}`);
}

async function createRole(client: pg.Client, { plainName, name, password }: Role): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [plainName]);
  const verb = found.rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${name} login password ${pg.escapeLiteral(password)}`);
  const { rowCount: isSuper } = await client.query(
    'select 1 from pg_roles where rolname = current_user and rolsuper',
  );
  // Who is not a superuser gives a schema only to roles it belongs to.
  if (!isSuper) await client.query(`grant ${name} to current_user`);
}

async function createSchema(client: pg.Client, schema: string, { name }: Role): Promise<void> {
  await client.query(`create schema if not exists ${schema} authorization ${name}`);
}

/** People write queries by hand: one that never ends, or a session left open, must not hold up the services. */
async function boundReader(client: pg.Client, { name }: Role): Promise<void> {
  await client.query(`alter role ${name} connection limit 20`);
  const settings = {
    default_transaction_read_only: 'on',
    statement_timeout: '15min',
    idle_in_transaction_session_timeout: '5min',
    search_path: 'datasets',
  };
  for (const [setting, value] of Object.entries(settings)) {
    await client.query(`alter role ${name} set ${setting} = '${value}'`);
  }
}

/** Covers the tables that the owner makes later as well. */
async function shareSchema(
  client: pg.Client,
  { schema, owner, reader }: { schema: string; owner: Role; reader: Role },
): Promise<void> {
  await createSchema(client, schema, owner);
  await client.query(`grant usage on schema ${schema} to ${reader.name}`);
  await client.query(`grant select on all tables in schema ${schema} to ${reader.name}`);
  await client.query(
    `alter default privileges for role ${owner.name} in schema ${schema} grant select on tables to ${reader.name}`,
  );
}
