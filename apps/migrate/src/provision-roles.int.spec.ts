import { randomUUID } from 'node:crypto';
import { connectPatiently } from '@offload/platform';
import { workerDatabase } from '@offload/testing';
import pg from 'pg';
import { asAdministrator, provisionRoles, quote, withDatabase } from './provision-roles.js';

describe(provisionRoles.name, () => {
  // Nothing that may stand as it is, in a statement or in an address.
  const name = `User 100%_${randomUUID().slice(0, 8)}`;
  const roles = ['gateway', 'ingest', 'notifier', 'reader', 'admin'] as const;
  let serverUrl: string;
  const urlOf = (role: (typeof roles)[number], password = `${role}'s "100%" $ec@ret`): string => {
    const url = new URL(withDatabase(serverUrl, name));
    url.username = encodeURIComponent(`${name}_${role}`);
    url.password = encodeURIComponent(password);
    return url.href;
  };
  const all = () => ({
    gateway: urlOf('gateway'),
    ingest: urlOf('ingest'),
    notifier: urlOf('notifier'),
    reader: urlOf('reader'),
  });

  beforeAll(async () => {
    serverUrl = await workerDatabase();
    await ask(
      serverUrl,
      `create role ${quote(`${name}_admin`)} login createdb createrole password ${pg.escapeLiteral(`admin's "100%" $ec@ret`)}`,
    );
  });

  afterAll(async () => {
    await ask(serverUrl, `drop database if exists ${quote(name)} with (force)`);
    for (const role of roles)
      await ask(serverUrl, `drop role if exists ${quote(`${name}_${role}`)}`);
  });

  it('may run several times at once', async () => {
    const admin = withDatabase(urlOf('admin'), 'postgres');

    await Promise.all(Array.from({ length: 5 }, () => provisionRoles(admin, all())));

    expect(await ask(urlOf('reader'), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('makes everything as an administrator who is no superuser, also twice', async () => {
    const admin = withDatabase(urlOf('admin'), 'postgres');

    await provisionRoles(admin, all());
    await provisionRoles(admin, all());

    const users = await Promise.all(
      Object.values(all()).map((url) => ask(url, 'select current_user::text as name')),
    );
    expect(users.flat()).toEqual(
      ['gateway', 'ingest', 'notifier', 'reader'].map((role) => ({ name: `${name}_${role}` })),
    );
  });

  it('lets the gateway and the reader see what ingest makes later, and nobody else', async () => {
    const { gateway, ingest, notifier, reader } = all();
    await ask(ingest, 'create table datasets.later as select 1 as one');

    const sql = 'select one from datasets.later';
    expect(await ask(gateway, sql)).toEqual([{ one: 1 }]);
    expect(await ask(reader, sql)).toEqual([{ one: 1 }]);
    await expect(ask(notifier, sql)).rejects.toThrow('permission denied');
    await expect(ask(gateway, 'drop table datasets.later')).rejects.toThrow('must be owner');
    await expect(ask(reader, 'create table datasets.mine ()')).rejects.toThrow('read-only');
  });

  it('gives a role the password that its address carries now', async () => {
    const changed = urlOf('notifier', 'another');

    await provisionRoles(serverUrl, { ...all(), notifier: changed });

    await (await connect(changed)).destroy();
    await expect(connect(urlOf('notifier'))).rejects.toMatchObject({
      code: 'platform.no-database',
      message: expect.stringContaining('Give the right user and password in NOTIFIER_DATABASE_URL'),
    });
  });

  it('refuses addresses of different databases before it makes anything', async () => {
    const elsewhere = withDatabase(urlOf('ingest'), 'elsewhere');

    await expect(provisionRoles(serverUrl, { ...all(), ingest: elsewhere })).rejects.toThrow(
      `one and the same database, and they name ${name}, elsewhere`,
    );
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  return asAdministrator(url, async (client) => (await client.query<object>(sql)).rows);
}

/** Tells at once what waiting does not help. */
function connect(url: string): ReturnType<typeof connectPatiently> {
  const variable = 'NOTIFIER_DATABASE_URL';
  return connectPatiently({ type: 'postgres', url }, () => undefined, { variable });
}
