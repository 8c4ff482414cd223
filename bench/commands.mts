import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { asAdministrator } from '../scripts/lib/provision-database.mts';
import { startServers } from '../scripts/lib/servers.mts';
import type { Broker } from './commands/broker.mts';
import type { Measured, Plan } from './commands/plan.mts';
import { compare, median } from './lib/compare.mts';
import { printMachine } from './lib/machine.mts';

export interface CommandsOptions {
  rounds: number;
  /** Commands that wait in the queue at the start of each measurement. */
  messages: number;
  prefetch: number;
}

/**
 * Commands handled per second by one process: inbox, one row and one message in the outbox, which the
 * relay sends meanwhile; against the same three rows written by hand.
 */
export async function benchCommands(lifetime: Lifetime, options: CommandsOptions): Promise<void> {
  const measure = await prepareCommands(lifetime, options);
  const published: number[] = [];
  await compare(
    {
      title: `${options.messages} commands, prefetch ${options.prefetch}`,
      unit: 'handled per second, more is better',
      rounds: options.rounds,
      ours: {
        name: 'Offload',
        measure: async () => {
          const { handled, sent } = await measure('offload');
          published.push(sent);
          return handled;
        },
      },
      reference: { name: 'amqplib + pg', measure: async () => (await measure('raw')).handled },
      goal: { atLeast: 0.8 },
    },
    lifetime.signal,
  );
  const sent = median(published.slice(1)).toFixed(0);
  console.log(`Offload, until the last event was sent and confirmed: ${sent} per second.`);
}

/** The same by the same process, with every message traced and each span sent to a collector, and without. */
export async function benchTracing(lifetime: Lifetime, options: CommandsOptions): Promise<void> {
  const measure = await prepareCommands(lifetime, options);
  const collector = createServer((request, response) => {
    request.resume().once('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  lifetime.add('collector', async () => void collector.close());
  const tracesTo = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  await compare(
    {
      title: `${options.messages} commands, prefetch ${options.prefetch}`,
      unit: 'handled per second, more is better',
      rounds: options.rounds,
      ours: { name: 'traced', measure: async () => (await measure('offload', tracesTo)).handled },
      reference: { name: 'untraced', measure: async () => (await measure('offload')).handled },
    },
    lifetime.signal,
  );
}

/** Messages per second: handled, and until the last event was sent. */
type Measure = (
  which: 'offload' | 'raw',
  tracesTo?: string,
) => Promise<{ handled: number; sent: number }>;

async function prepareCommands(lifetime: Lifetime, options: CommandsOptions): Promise<Measure> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  // What is built is loaded only when it is there.
  const { openBroker } = await import('./commands/broker.mts');
  const { url } = servers.postgres;
  const plan: Plan = { ...options, databaseUrl: url, rabbitmqUrl: servers.rabbitmq.url };
  const broker = await openBroker(plan.rabbitmqUrl);
  lifetime.add('queues', () => broker.close());
  await asAdministrator(url, createTables);
  lifetime.add('tables', () => asAdministrator(url, dropTables));

  printMachine(servers);
  return async (which, tracesTo) => {
    const asked = tracesTo === undefined ? plan : { ...plan, tracesTo };
    const { handledMs, publishedMs = Infinity } = await handleAll(
      which,
      asked,
      broker,
      lifetime.signal,
    );
    const perSecond = (ms: number): number => plan.messages / (ms / 1000);
    return { handled: perSecond(handledMs), sent: perSecond(publishedMs) };
  };
}

async function handleAll(
  which: 'offload' | 'raw',
  plan: Plan,
  broker: Broker,
  signal: AbortSignal,
): Promise<Measured> {
  await broker.fill(plan.messages);
  await asAdministrator(plan.databaseUrl, emptyTables);
  const measured = await runWorker(which, plan, signal);
  await asAdministrator(plan.databaseUrl, (client) => expectAll(client, plan.messages));
  return measured;
}

async function runWorker(which: string, plan: Plan, signal: AbortSignal): Promise<Measured> {
  const program = fileURLToPath(new URL('commands/worker.mts', import.meta.url));
  const child = fork(program, [which], {
    env: { ...process.env, PLAN: JSON.stringify(plan) },
    signal,
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The ${which} worker ended early (exit ${String(code)}).`);
  });
  const [measured] = (await Promise.race([once(child, 'message'), failed])) as [Measured];
  await failed.catch(() => undefined);
  return measured;
}

async function createTables(client: pg.Client): Promise<void> {
  const { builtMessaging } = await import('./lib/built.mts');
  const { schema } = await import('./commands/plan.mts');
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.query(`create schema ${schema}`);
  await client.query(`set search_path to ${schema}`);
  type Runner = Parameters<ReturnType<typeof builtMessaging>['createMessagingTables']>[0];
  await builtMessaging().createMessagingTables(client as unknown as Runner);
  await client.query(
    'create table note (id bigint generated always as identity primary key, text text not null)',
  );
}

async function dropTables(client: pg.Client): Promise<void> {
  await client.query('drop schema bench_commands cascade');
}

/** And a checkpoint, so that none falls into one measurement and not into the other. */
async function emptyTables(client: pg.Client): Promise<void> {
  await client.query(
    'truncate bench_commands.note, bench_commands.inbox_message, bench_commands.outbox_message',
  );
  await client.query('checkpoint');
}

async function expectAll(client: pg.Client, messages: number): Promise<void> {
  for (const table of ['note', 'inbox_message', 'outbox_message']) {
    const { rows } = await client.query<{ rows: string }>(
      `select count(*) as rows from bench_commands.${table}`,
    );
    const found = Number(rows[0]?.rows);
    if (found !== messages) throw new Error(`${table} has ${found} rows, not ${messages}.`);
  }
}
