import { PermanentError, MetricsRegistry } from '@offload/platform';
import {
  eventually,
  handlerFor,
  Note,
  probeContext,
  roadHarness,
  settled,
  shortTiersMs,
} from '@offload/testing';
import { MessagingRuntime } from '../messaging-runtime.js';
import { storeWire } from '../outbox/outbox.js';
import { MessagingMetrics } from './messaging-metrics.js';

const queue = 'probe.note';

describe(MessagingMetrics.name, () => {
  const { db, url } = roadHarness('counted');
  const registry = new MetricsRegistry();
  let runtime: MessagingRuntime;

  const value = async (line: string): Promise<number | undefined> => {
    const found = (await registry.metrics())
      .split('\n')
      .find((each) => each.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length + 1));
  };
  const send = (text: string): Promise<unknown> =>
    runtime.send(probeContext, async () => ({ result: undefined, messages: [Note({ text })] }));

  beforeAll(async () => {
    runtime = new MessagingRuntime(
      { service: 'probe', instance: 'counted', rabbitmqUrl: url(), retryTiersMs: shortTiersMs },
      db(),
    );
    new MessagingMetrics(registry, runtime, db()).onModuleInit();
    await runtime.start([
      handlerFor(
        Note,
        queue,
        ({ text }) => {
          if (text === 'hopeless') throw new PermanentError('probe.hopeless', 'Nothing helps.');
          if (text === 'failing') throw new Error('It fails.');
          return [];
        },
        { attempts: 3 },
      ),
    ]);
  });

  afterAll(() => runtime.stop());

  it('counts retries and what is given up, from zero on', async () => {
    const before = await value(`offload_retries_total{queue="${queue}"}`);
    const ends = settled(runtime, ({ outcome }) => outcome !== 'retry', 3);

    await send('good');
    await send('hopeless');
    await send('failing');
    await ends;

    expect(before).toBe(0);
    expect(await value(`offload_retries_total{queue="${queue}"}`)).toBe(2);
    expect(await value(`offload_given_up_total{queue="${queue}"}`)).toBe(2);
  });

  it('counts what the broker confirms and what no queue takes', async () => {
    const confirmed = 'offload_relay_published_total{result="confirmed"}';
    const before = (await value(confirmed)) ?? 0;
    await db().transaction((tx) =>
      storeWire(tx, [
        {
          exchange: '',
          routingKey: 'no.such.queue',
          messageId: '018f0000-0000-7000-8000-000000000001',
          properties: { type: Note.type },
          headers: {},
          body: Buffer.from('{}'),
        },
      ]),
    );

    await send('good');

    await eventually(async () => {
      expect(await value(confirmed)).toBe(before + 1);
      expect(await value('offload_relay_published_total{result="returned"}')).toBeGreaterThan(0);
    });
    expect(await value('offload_relay_published_total{result="failed"}')).toBe(0);
    expect(await value('offload_relay_confirm_duration_seconds_count')).toBe(before + 1);
    await db().query('delete from outbox_message');
  });

  it('tells the size of the inbox once PostgreSQL has an idea of it', async () => {
    await db().query('analyze inbox_message');

    await runtime.report();

    expect(await value('offload_inbox_messages')).toBeGreaterThan(0);
    expect(await value('offload_broker_connected{connection="publish"}')).toBe(1);
    expect(await value('offload_broker_blocked{connection="consume"}')).toBe(0);
  });
});
