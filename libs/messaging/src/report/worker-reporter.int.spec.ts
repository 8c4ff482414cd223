import { type BrakeReport, type ConsumerReport, WorkerReported } from '@offload/contracts';
import {
  eventually,
  handlerFor,
  Note,
  probeContext,
  ownDatabase,
  roadHarness,
  settled,
} from '@offload/testing';
import { version } from '@offload/platform';
import type { MessagingRuntime } from '../messaging-runtime.js';

const queue = 'probe.note';

describe('the reports of a process', () => {
  const { db, startWith } = roadHarness('report');

  it('tell the gateways how it is and what it has done', async () => {
    const reports = await listen();
    const runtime = await startWith(
      { instance: 'reporting', heartbeatMs: 100, memoryLimitBytes: 2 ** 30 },
      handlerFor(Note, queue, ({ text }, { envelope }) => {
        if (text === 'second try' && envelope.attempt === 1) throw new Error('not yet');
        return [];
      }),
    );
    const done = settled(runtime, ({ outcome }) => outcome === 'handled', 2);

    await send(runtime, ['at once', 'second try']);
    await done;

    const report = await eventually(() => {
      const latest = reports.findLast(({ instance }) => instance === 'reporting');
      expect(latest?.consumers).toMatchObject([{ handled: 2 }]);
      return latest;
    });
    expect(report).toMatchObject({
      service: 'probe',
      version,
      pid: process.pid,
      everyMs: 100,
      memory: { rssBytes: expect.any(Number), limitBytes: 2 ** 30 },
      pool: { size: 20, waiting: 0 },
      outbox: { pending: 0, oldestAgeMs: null },
      broker: { publishing: 'connected', consuming: 'connected' },
    });
    const [consumer] = report?.consumers ?? [];
    expect(consumer).toMatchObject({
      queue,
      messageType: 'probe.note.v1',
      prefetch: 10,
      inHand: 0,
      duplicates: 0,
      retried: 1,
      deadLettered: 0,
      brake: null,
    });
    expect(consumer?.waitedMs).toBeGreaterThanOrEqual(0);
    expect(sum(consumer?.handlingMs)).toBe(3);
    expect(sum(consumer?.latencyMs)).toBe(2);
    expect(consumer?.latencyMs.some(({ upToMs }) => upToMs >= 100)).toBe(true);
  });

  it('come at once when a brake is put on or let go', async () => {
    const reports = await listen();
    let isOut = true;
    const runtime = await startWith(
      { instance: 'braking', heartbeatMs: 600_000, brake: { firstPauseMs: 500 } },
      handlerFor(Note, queue, () => {
        if (isOut) throw new Error('away');
        return [];
      }),
    );

    await send(
      runtime,
      Array.from({ length: 12 }, (_, number) => `note ${number}`),
    );

    await eventually(() =>
      expect(brakes(reports).at(-1)).toMatchObject({ code: 'unexpected', message: 'away' }),
    );
    isOut = false;
    await eventually(() => expect(brakes(reports).at(-1)).toBeNull());
  });

  it('do without the outbox when the database does not answer in time, and ask again later', async () => {
    const runtime = await startWith({ heartbeatMs: 600_000 });
    // Who asks while the question of the start is open would get its answer.
    await eventually(async () => expect((await runtime.report()).outbox).not.toBeNull());
    const lock = db().createQueryRunner();
    await lock.startTransaction();
    await lock.query('lock table outbox_message in access exclusive mode');

    const blind = await runtime.report();
    await lock.rollbackTransaction();
    await lock.release();

    expect(blind.outbox).toBeNull();
    await eventually(async () => expect((await runtime.report()).outbox).not.toBeNull());
  });

  it('do without it when every connection is in use, or there is none', async () => {
    const database = await ownDatabase();
    const runtime = await startWith({ heartbeatMs: 600_000, database });
    await eventually(async () => expect((await runtime.report()).outbox).not.toBeNull());
    const inUse = Array.from({ length: 20 }, () => database.createQueryRunner());
    await Promise.all(inUse.map((runner) => runner.connect()));

    const busy = await runtime.report();
    await Promise.all(inUse.map((runner) => runner.release()));
    await runtime.stop();
    await database.destroy();
    const gone = await runtime.report();

    expect(busy).toMatchObject({ outbox: null, pool: { inUse: 20, idle: 0 } });
    expect(gone.outbox).toBeNull();
  });

  const listen = async (): Promise<WorkerReported[]> => {
    const gateway = await startWith({ instance: 'gateway', heartbeatMs: 100 });
    const reports: WorkerReported[] = [];
    gateway.onHint(WorkerReported, 'workers', (report) => reports.push(report));
    // Its own report coming back shows that it listens.
    await eventually(() => expect(reports).not.toEqual([]));
    return reports;
  };
});

async function send(runtime: MessagingRuntime, texts: string[]): Promise<void> {
  await runtime.send(probeContext, async () => ({
    result: undefined,
    messages: texts.map((text) => Note({ text })),
  }));
}

function brakes(reports: WorkerReported[]): (BrakeReport | null | undefined)[] {
  return reports
    .filter(({ instance }) => instance === 'braking')
    .map(({ consumers: [consumer] }) => consumer?.brake);
}

function sum(histogram: ConsumerReport['handlingMs'] = []): number {
  return histogram.reduce((total, { count }) => total + count, 0);
}
