import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { workerDatabase } from '@offload/testing';
import { DataSource } from 'typeorm';
import { poolCounts } from './connection-pool.js';
import { databaseOptions } from './database.module.js';
import { closeWhenSilent } from './silent-connection.js';

describe(closeWhenSilent.name, () => {
  const opened: { destroy: () => unknown }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.destroy();
  });

  it('fails the statements of a server that has fallen silent, and takes new connections after it', async () => {
    const { proxy, dataSource } = await throughProxy();
    proxy.isSilent = true;

    await expect(dataSource.transaction((tx) => tx.query('select 1 as one'))).rejects.toThrow(
      'PostgreSQL has not answered for 400 ms.',
    );

    expect(poolCounts(dataSource)).toMatchObject({ inUse: 0, idle: 0 });
    proxy.isSilent = false;
    expect(await dataSource.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('leaves a connection alone on which nobody waits for an answer', async () => {
    const { dataSource } = await throughProxy();
    const holder = dataSource.createQueryRunner();
    const [before]: unknown[] = await holder.query('select pg_backend_pid() as pid');

    await dataSource.query('select pg_sleep(0.25)');
    await dataSource.query('select pg_sleep(0.25)');
    await dataSource.query('select pg_sleep(0.25)');

    expect(await holder.query('select pg_backend_pid() as pid')).toEqual([before]);
    await holder.release();
  });

  async function throughProxy() {
    const url = new URL(await workerDatabase());
    const proxy = await silentProxy(url);
    opened.push(proxy);
    url.host = `127.0.0.1:${proxy.port}`;
    const dataSource = await new DataSource(
      databaseOptions({
        url: url.href,
        schema: 'public',
        entities: [],
        migrations: [],
        name: 'silence',
        statementTimeoutMs: 300,
        silenceMs: 100,
      }),
    ).initialize();
    opened.unshift(dataSource);
    return { proxy, dataSource };
  }
});

/** Goes between and can fall silent, as a network does that is cut: nothing is refused, nothing comes through. */
async function silentProxy({ hostname, port }: URL) {
  const sockets: Socket[] = [];
  const proxy = {
    port: 0,
    isSilent: false,
    destroy: (): void => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (chunk) => {
        if (!proxy.isSilent) to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      sockets.push(from);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
