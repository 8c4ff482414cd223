import pg from 'pg';
import { poll } from '../../scripts/lib/poll.mts';
import { managementGet } from '../../scripts/lib/rabbitmq-management.mts';
import type { Servers } from '../../scripts/lib/servers.mts';
import type { Stack } from '../../scripts/lib/stack.mts';
import { cpuSeconds, parentOf } from '../lib/cpu-seconds.mts';

/** Processor seconds by part of the system. */
export type Spent = Record<'gateway' | 'ingest' | 'notifier' | 'PostgreSQL' | 'RabbitMQ', number>;

export interface Parts {
  /** What each part has used while this was done. */
  during: (work: () => Promise<void>) => Promise<Spent>;
}

/** Finds the processes of a stack, which must all run on this machine. */
export async function findParts(stack: Stack, { postgres, rabbitmq }: Servers): Promise<Parts> {
  const pids: Spent = {
    gateway: stack.service('gateway').pid,
    ingest: stack.service('ingest').pid,
    notifier: stack.service('notifier').pid,
    PostgreSQL: await pidOfPostgres(postgres.url),
    RabbitMQ: await pidOfRabbitmq(rabbitmq.managementUrl),
  };
  return {
    during: async (work) => {
      const before = mapParts(pids, cpuSeconds);
      await work();
      const after = mapParts(pids, cpuSeconds);
      return mapParts(after, (seconds, part) => seconds - before[part]);
    },
  };
}

async function pidOfPostgres(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return parentOf(rows[0]?.pid ?? 0);
  } finally {
    await client.end();
  }
}

/** The management API knows it only some seconds after the start of the node. */
async function pidOfRabbitmq(managementUrl: string | undefined): Promise<number> {
  const pid = await poll(
    async () => {
      const answer = managementUrl && (await managementGet(managementUrl, '/api/nodes'));
      const [node] = Array.isArray(answer) ? (answer as { os_pid?: string }[]) : [];
      return node?.os_pid;
    },
    { withinMs: 15_000 },
  );
  if (!pid) throw new Error('RabbitMQ does not tell its process; its management API is needed.');
  return Number(pid);
}

function mapParts(parts: Spent, change: (value: number, part: keyof Spent) => number): Spent {
  return {
    gateway: change(parts.gateway, 'gateway'),
    ingest: change(parts.ingest, 'ingest'),
    notifier: change(parts.notifier, 'notifier'),
    PostgreSQL: change(parts.PostgreSQL, 'PostgreSQL'),
    RabbitMQ: change(parts.RabbitMQ, 'RabbitMQ'),
  };
}
