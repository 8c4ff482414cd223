import { v7 } from 'uuid';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { aBrake, aConsumer, aReport } from '../../../test/monitor-builders.js';
import { WorkerStore } from '../workers/worker-store.js';
import { readQueueHealth } from './read-queue-health.js';

describe(readQueueHealth.name, () => {
  const { app, db } = gatewayHarness();
  const health = async (queue: string) => (await readQueueHealth(db().manager, [queue]))[0];

  it('knows nothing while nobody has reported', async () => {
    await db().query('delete from worker');

    expect(await health('ingest.load-chunk')).toEqual({
      queue: 'ingest.load-chunk',
      hasConsumer: null,
      liveWaitS: null,
      brake: null,
    });
  });

  it('tells who works on a queue, how long live messages wait, and that all have paused it', async () => {
    const [idle, busy, paused] = [`q-${v7()}`, `q-${v7()}`, `q-${v7()}`];
    await app()
      .get(WorkerStore)
      .record([
        worker(busy, { waitedMs: 2500 }),
        worker(busy, { brake: aBrake() }),
        worker(paused, { brake: aBrake() }),
      ]);

    expect(await health(idle)).toMatchObject({ hasConsumer: false, brake: null });
    expect(await health(busy)).toMatchObject({ hasConsumer: true, liveWaitS: 2.5, brake: null });
    expect(await health(paused)).toMatchObject({
      hasConsumer: true,
      brake: { since: '2026-01-01T11:50:00.000Z', detail: expect.stringContaining('terminating') },
    });
  });
});

const worker = (queue: string, fields = {}) =>
  aReport({ instance: `of-${queue}-${v7()}`, consumers: [aConsumer(queue, fields)] });
