import { connect, type Options } from 'amqplib';
import pg from 'pg';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { poll } from '../scripts/lib/poll.mts';
import { startServers } from '../scripts/lib/servers.mts';
import type { Stack } from '../scripts/lib/stack.mts';
import { administratorOf, startBenchStack } from './lib/bench-stack.mts';
import { compare } from './lib/compare.mts';
import { printMachine } from './lib/machine.mts';
import { countsOf, ReplaysClient } from './replay/replays-client.mts';
import { startWorker, type Worker } from './replay/worker-process.mts';

export interface ReplayOptions {
  rounds: number;
  /** Dead letters of each replay. */
  letters: number;
}

const incident = { incident: 'bench', reason: 'It is measured.' };
const filter = { queue: 'bench.note' };

/** As fast as it goes, with a first stage all the same. */
const fast = { canary: 1000, rate_per_s: 5000, max_in_flight: 10_000, max_backlog_age_s: 3600 };
/** As an operator would take it who is in a hurry. */
const hurried = { canary: 10, rate_per_s: 1000, max_in_flight: 500, max_backlog_age_s: 3600 };

/**
 * What a replay is like: one in which a hundredth still fails and whose gateway is killed in the middle,
 * one in which most fail until it is mended; and what a message of a replay costs against the same
 * message published raw, until the same worker has handled it.
 */
export async function benchReplay(lifetime: Lifetime, options: ReplayOptions): Promise<void> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  const { createWorkerTables, dropWorkerTables, tidyUp } = await import('./replay/tables.mts');
  const stack = await startBenchStack(lifetime, servers);
  const db = new pg.Client({ connectionString: administratorOf(servers, stack) });
  await db.connect();
  lifetime.add('database', () => db.end());
  await createWorkerTables(db);
  lifetime.add('tables', () => dropWorkerTables(db));
  const plan = { databaseUrl: administratorOf(servers, stack), rabbitmqUrl: stack.rabbitmqUrl };
  const bench = { stack, db, worker: await startWorker(lifetime, plan), ...options };
  await tidyUp(db);

  printMachine(servers);
  await fewStillFail(bench);
  await tidyUp(db);
  await mostFailUntilMended(bench);
  await tidyUp(db);
  await perMessage(bench, lifetime.signal);
  await tidyUp(db);
}

interface Bench extends ReplayOptions {
  stack: Stack;
  db: pg.Client;
  worker: Worker;
}

async function fewStillFail({ stack, db, letters }: Bench): Promise<void> {
  const { insertDeadLetters } = await import('./replay/tables.mts');
  const print = clock(
    `\n${letters} dead letters, of which 1 % still fail; the gateway is killed halfway`,
  );
  await insertDeadLetters(db, letters, (number) => (number % 100 === 7 ? 'always' : 'none'));
  const replays = new ReplaysClient(stack);
  const { id } = await replays.start({ filter, ...incident, pace: hurried });
  print('accepted');
  await replays.until(id, ({ counts }) => counts.succeeded > letters / 2, print);
  await stack.service('gateway').kill();
  print('gateway killed (SIGKILL)');
  await stack.startAgain('gateway');
  print('gateway ready again');
  const done = await replays.until(id, ({ finished_at: at }) => at !== null, print);
  await account(db, countsOf(done), print);
}

async function mostFailUntilMended({ stack, db, worker, letters }: Bench): Promise<void> {
  const { insertDeadLetters } = await import('./replay/tables.mts');
  const print = clock(`\n${letters} dead letters, of which 60 % fail until the cause is mended`);
  worker.breakAgain();
  await insertDeadLetters(db, letters, (number) => (number % 5 < 3 ? 'until-mended' : 'none'));
  const replays = new ReplaysClient(stack);
  const { id } = await replays.start({ filter, ...incident, pace: hurried });
  await replays.until(
    id,
    ({ state, counts }) => state === 'paused' && counts.published === 0,
    print,
  );
  worker.mend();
  await replays.act(id, 'resumptions', { reason: 'It is mended.' });
  print('mended and resumed');
  const done = await replays.until(id, ({ finished_at: at }) => at !== null, print);
  const again = await replays.act(id, 'follow-ups', { action: 'replay', reason: 'It is mended.' });
  print(`those that failed again are replayed: ${countsOf(again)}`);
  const last = await replays.until(again.id, ({ finished_at: at }) => at !== null, print);
  await account(db, `${countsOf(done)}; then ${countsOf(last)}`, print);
}

async function account(
  db: pg.Client,
  counts: string,
  print: (line: string) => void,
): Promise<void> {
  const { countDone } = await import('./replay/tables.mts');
  const { rows, doubled } = await countDone(db);
  print(`ended: ${counts}`);
  print(`effects: ${rows} rows, ${doubled} doubled`);
}

async function perMessage(bench: Bench, signal: AbortSignal): Promise<void> {
  const { rounds, letters } = bench;
  await compare(
    {
      title: `${letters} messages: a replay until each is handled and settled, against publishing them raw`,
      unit: 'milliseconds per message, less is better',
      rounds,
      ours: { name: 'replay', measure: () => replayAll(bench) },
      reference: { name: 'raw, handled', measure: () => publishAll(bench) },
    },
    signal,
  );
}

/** From the request until the replay says that every outcome is known. */
async function replayAll({ stack, db, letters }: Bench): Promise<number> {
  const { insertDeadLetters, tidyUp } = await import('./replay/tables.mts');
  await tidyUp(db);
  await insertDeadLetters(db, letters, () => 'none');
  const replays = new ReplaysClient(stack);
  const startedAt = performance.now();
  const { id } = await replays.start({ filter, ...incident, pace: fast });
  const { counts } = await replays.until(id, ({ finished_at: at }) => at !== null);
  const ms = performance.now() - startedAt;
  if (counts.succeeded !== letters) throw new Error(`${counts.succeeded} have succeeded.`);
  return ms / letters;
}

/** From the first publish, with confirms, until the worker has handled the last. Nobody keeps account. */
async function publishAll({ stack, db, letters }: Bench): Promise<number> {
  const { aMessage, countDone, tidyUp } = await import('./replay/tables.mts');
  await tidyUp(db);
  const messages = Array.from({ length: letters }, (_, number) => aMessage(number, 'none'));
  const connection = await connect(stack.rabbitmqUrl);
  const channel = await connection.createConfirmChannel();
  const startedAt = performance.now();
  for (const { messageId, properties, headers, body } of messages) {
    const options = { messageId, ...properties, headers, persistent: true, mandatory: true };
    channel.publish('', filter.queue, body, options as Options.Publish);
  }
  await channel.waitForConfirms();
  const isDone = async (): Promise<boolean> => (await countDone(db)).rows === letters;
  await poll(isDone, { withinMs: 300_000, everyMs: 50 });
  const ms = performance.now() - startedAt;
  await connection.close();
  return ms / letters;
}

/** Prints lines with the seconds since it was made. */
function clock(title: string): (line: string) => void {
  const startedAt = performance.now();
  console.log(title);
  return (line) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${seconds.padStart(8)} s  ${line}`);
  };
}
