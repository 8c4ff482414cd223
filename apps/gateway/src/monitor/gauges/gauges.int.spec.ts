import { MetricsRegistry } from '@offload/platform';
import { eventually, managementUrl } from '@offload/testing';
import { DataSource } from 'typeorm';
import { aStoredEmail, aStoredImport, aStoredUpload } from '../../../test/builders.js';
import { aStoredDeadLetter } from '../../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { CountStates } from './count-states.js';
import { StateGauges } from './state-gauges.js';

describe(StateGauges.name, () => {
  const { db } = gatewayHarness();

  it('tells how many are in each state, and zero where there are none', async () => {
    const before = (await look(db())).values;
    const now = new Date();
    await aStoredImport(db(), { state: 'finalizing', finishedAt: null });
    await aStoredImport(db(), { state: 'completed', finishedAt: now });
    await aStoredEmail(db(), { state: 'deferred' });
    await aStoredEmail(db(), { state: 'sent', sentAt: now });
    await aStoredUpload(db(), { state: 'quarantined' });
    await aStoredDeadLetter(db());

    const { values } = await look(db());

    const grown = [...values].filter(([key, count]) => count > (before.get(key) ?? NaN));
    expect(grown.map(([key, count]) => [key, count - (before.get(key) ?? 0)])).toEqual([
      ['imports finalizing', 1],
      ['emails deferred', 1],
      ['uploads ready', 2],
      ['uploads quarantined', 1],
      ['dead_letters open', 1],
    ]);
    expect([...before.keys()]).toEqual([...values.keys()]);
  });

  it('shows none of them while the database is away, and serves the rest', async () => {
    const away = new DataSource({ type: 'postgres', url: 'postgres://127.0.0.1:1/none' });

    const { text, values } = await look(away);

    expect([...values]).toEqual([]);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  });
});

describe('the gauges of queues', () => {
  const { app } = gatewayHarness({
    broker: 'gauges',
    config: { RABBITMQ_MANAGEMENT_URL: managementUrl() },
  });

  it('tell of the queues of work, of last resort and of retries, and of no other', async () => {
    const text = await eventually(async () => {
      const served = await app().get(MetricsRegistry).metrics();
      expect(served).toMatch(/^offload_queue_consumers\{queue="gateway.track-email-sent"\} 1$/m);
      return served;
    }, 30_000);

    const queues = [...text.matchAll(/^offload_queue_messages\{queue="([^"]+)"/gm)].map(
      ([, queue]) => queue,
    );
    expect(queues).toEqual(expect.arrayContaining(['dead-letters', 'unrouted', 'retry.100ms']));
    expect(queues.filter((queue) => queue?.startsWith('gateway.stream'))).toEqual([]);
    expect(text).toMatch(
      /^offload_queue_messages\{queue="dead-letters",state="unacknowledged"\} \d+$/m,
    );
  });
});

/** Looked at afresh: what is kept for five seconds would not show what has changed. */
const look = async (
  dataSource: DataSource,
): Promise<{ text: string; values: Map<string, number> }> => {
  const registry = new MetricsRegistry();
  new StateGauges(registry, new CountStates(dataSource)).onModuleInit();
  const text = await registry.metrics();
  const lines = text.matchAll(/^offload_(\w+)\{\w+="(\w+)"\} (\d+)$/gm);
  const values = [...lines].map(([, name, state, count]): [string, number] => [
    `${name} ${state}`,
    Number(count),
  ]);
  return { text, values: new Map(values) };
};
