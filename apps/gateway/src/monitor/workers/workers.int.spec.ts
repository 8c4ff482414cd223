import { WorkerReported } from '@offload/contracts';
import { WorkerList } from '@offload/contracts/http';
import { eventually } from '@offload/testing';
import { v7 } from 'uuid';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { aConsumer, aReport } from '../../../test/monitor-builders.js';
import { WorkerStore } from './worker-store.js';

describe('the workers', () => {
  const { app, as, aKey, db, runtime } = gatewayHarness({
    broker: 'workers',
    config: { HEARTBEAT_MS: '200', INSTANCE_ID: 'gateway-spec' },
  });
  const store = (): WorkerStore => app().get(WorkerStore);

  const list = async (): Promise<WorkerList['data']> => {
    const { body } = await as().get('/v1/monitor/workers').expect(200);
    return WorkerList.parse(body).data;
  };
  const find = async (instance: string) =>
    (await list()).find((worker) => worker.instance === instance);

  it('shows this gateway by its own reports, with its queues', async () => {
    const own = await eventually(async () => {
      const worker = await find('gateway-spec');
      expect(worker).toMatchObject({ state: 'up', pid: process.pid });
      expect(worker?.queues.map(({ name }) => name)).toContain('dead-letters');
      return worker;
    });

    expect(own).toMatchObject({
      service: 'gateway',
      broker: { publishing: 'connected', consuming: 'connected' },
    });
  });

  it('hears over the broker how other processes are', async () => {
    const instance = `ingest-${v7()}`;

    runtime().hint(WorkerReported(aWorker({ instance })));

    const worker = await eventually(async () => {
      const found = await find(instance);
      expect(found).toMatchObject({ state: 'up' });
      return found;
    });
    expect(worker).toMatchObject({
      service: 'ingest',
      version: '0.1.0',
      memory: { rss_bytes: 157_286_400, limit_bytes: null },
      loop_lag_ms: { p99: 3 },
      queues: [{ name: 'probe.spec', brake: null }],
    });
    expect(Date.parse(worker?.reported_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('does not let a late report overwrite a newer one', async () => {
    const instance = `ingest-${v7()}`;
    const report = (second: number) =>
      aWorker({ instance, pid: second, reportedAt: `2026-01-01T12:00:0${second}.000Z` });

    await store().record([report(5)]);
    await store().record([report(3)]);

    expect(await find(instance)).toMatchObject({ pid: 5 });
  });

  it('shows as silent who was not heard of for three periods, whatever its own clock says', async () => {
    const instance = `ingest-${v7()}`;
    await store().record([aWorker({ instance, reportedAt: new Date().toISOString() })]);
    await db().query(
      `update worker set heard_at = now() - interval '16 seconds' where instance = $1`,
      [instance],
    );

    expect(await find(instance)).toMatchObject({ state: 'silent' });
  });

  it('does not show who has said that it ends', async () => {
    const instance = `ingest-${v7()}`;
    await store().record([aWorker({ instance, reportedAt: '2026-01-01T12:00:01.000Z' })]);

    await store().record([
      aWorker({ instance, reportedAt: '2026-01-01T12:00:02.000Z', isLast: true }),
    ]);
    await store().record([aWorker({ instance, reportedAt: '2026-01-01T12:00:01.500Z' })]);

    expect(await find(instance)).toBeUndefined();
  });

  it('samples the memory of a process once a minute, however many replicas hear it', async () => {
    const instance = `ingest-${v7()}`;

    await Promise.all(
      [1, 2, 3].map(async (second) =>
        store().record([aWorker({ instance, reportedAt: `2026-01-01T12:00:0${second}.000Z` })]),
      ),
    );

    const [{ count }] = await db().query(
      'select count(*)::int as count from worker_memory where instance = $1',
      [instance],
    );
    // Two when a minute ended in between.
    expect([1, 2]).toContain(count);
  });

  it('records what many replicas hear at the same time without a deadlock', async () => {
    const run = v7();
    const reports = Array.from({ length: 40 }, (_, index) =>
      aWorker({ instance: `${run}-${index}` }),
    );

    await Promise.all(
      Array.from({ length: 6 }, async (_, turn) =>
        store().record(turn % 2 === 0 ? reports : reports.toReversed()),
      ),
    );

    expect((await list()).filter(({ instance }) => instance.startsWith(run))).toHaveLength(40);
  });

  it('forgets who was silent for a day', async () => {
    const [gone, silent] = [`ingest-${v7()}`, `ingest-${v7()}`];
    await store().record([aWorker({ instance: gone }), aWorker({ instance: silent })]);
    await db().query(
      `update worker set heard_at = now() - interval '25 hours' where instance = $1`,
      [gone],
    );
    await db().query(
      `update worker set heard_at = now() - interval '23 hours' where instance = $1`,
      [silent],
    );

    await store().forget();

    const instances = (await list()).map(({ instance }) => instance);
    expect(instances).not.toContain(gone);
    expect(instances).toContain(silent);
  });

  it('takes a report with text that PostgreSQL does not store', async () => {
    const instance = `ingest-${v7()}`;
    const { consumers } = aWorker({});
    const brake = {
      since: '2026-01-01T12:00:00.000Z',
      failures: 10,
      code: 'x',
      class: 'Error',
      message: 'bad \0 byte',
      nextProbeAt: '2026-01-01T12:00:00.000Z',
    };

    await store().record([
      aWorker({
        instance,
        consumers: consumers.map((consumer) => ({ ...consumer, brake })),
      }),
    ]);

    expect((await find(instance))?.queues[0]?.brake?.detail).toBe('bad \ufffd byte');
  });

  it('shows how long messages take', async () => {
    const { consumers } = aWorker({});
    const handlingMs = [{ upToMs: 32, count: 9 }];
    await store().record([
      aWorker({
        instance: `ingest-${v7()}`,
        consumers: consumers.map((consumer) => ({ ...consumer, queue: 'ingest.spec', handlingMs })),
      }),
    ]);

    const { body } = await as().get('/v1/monitor/latency').expect(200);

    expect(body.data).toContainEqual(
      expect.objectContaining({
        queue: 'ingest.spec',
        handling_ms: { count: 9, p50: 32, p90: 32, p99: 32, max: 32 },
      }),
    );
  });

  it('is for operators', async () => {
    const key = await aKey({ scopes: ['imports:read'] });

    const { body } = await as(key).get('/v1/monitor/workers').expect(403);
    expect(body).toMatchObject({ code: 'insufficient_scope' });
    await as(await aKey({ scopes: ['operations:read'] }))
      .get('/v1/monitor/workers')
      .expect(200);
  });
});

/** It works on a queue of no kind of work: other specs that use this database have workers of their own. */
function aWorker(fields: Partial<WorkerReported>): WorkerReported {
  return aReport({ consumers: [aConsumer('probe.spec')], ...fields });
}
