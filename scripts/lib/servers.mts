import { join } from 'node:path';
import { releaseInstance, takeAnyInstance, takeInstance } from './instance-lock.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { endLeftOvers } from './left-over.mts';
import type { Lifetime } from './lifetime.mts';
import { startPostgres, type PostgresServer } from './postgres.mts';
import type { PostgresSettings } from './private-postgres.mts';
import { startRabbitmq, type RabbitmqServer } from './rabbitmq.mts';

export interface Servers {
  folder: InstanceFolder;
  postgres: PostgresServer;
  rabbitmq: RabbitmqServer;
}

export interface ServersOptions extends PostgresSettings {
  /** Of the instance: demo, dev, test … */
  name: string;
  /** Takes `<name>-2` and so on where another run has the name. (Default: false) */
  anyPlace?: boolean;
  /** A private broker begins empty. (Default: false) */
  freshBroker?: boolean;
}

/**
 * Starts PostgreSQL and RabbitMQ side by side and registers their ending with the lifetime. Servers
 * given by DATABASE_URL and RABBITMQ_URL are used as they are, and never stopped.
 */
export async function startServers(
  lifetime: Lifetime,
  { name, anyPlace = false, freshBroker = false, ...settings }: ServersOptions,
): Promise<Servers> {
  const folder = anyPlace ? takeAnyInstance(name) : takeInstance(name);
  lifetime.add('lock', async () => releaseInstance(folder));
  const started: (PostgresServer | RabbitmqServer)[] = [];
  const logs = join(folder.path, 'logs');
  await endLeftOvers(logs);
  lifetime.add('servers', async () => {
    await Promise.all(started.map((server) => server.stop()));
  });
  lifetime.add('services', () => endLeftOvers(logs));
  const keep = <Server extends PostgresServer | RabbitmqServer>(server: Server): Server => {
    started.push(server);
    return server;
  };
  const [postgres, rabbitmq] = await Promise.allSettled([
    startPostgres(folder, settings).then(keep),
    startRabbitmq(folder, { isFresh: freshBroker }).then(keep),
  ]);
  if (postgres.status === 'rejected') throw postgres.reason;
  if (rabbitmq.status === 'rejected') throw rabbitmq.reason;
  // A signal that came meanwhile has run the endings already.
  if (lifetime.signal.aborted) {
    await Promise.all(started.map((server) => server.stop()));
    throw new Error('Stopped while starting.');
  }
  return { folder, postgres: postgres.value, rabbitmq: rabbitmq.value };
}
