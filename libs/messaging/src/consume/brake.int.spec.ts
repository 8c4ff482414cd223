import { randomUUID } from 'node:crypto';
import {
  eventually,
  handlerFor,
  Note,
  probeContext,
  ownDatabase,
  roadHarness,
  settled,
} from '@offload/testing';
import { firstValueFrom, filter, type Observable } from 'rxjs';
import type { MessagingRuntime } from '../messaging-runtime.js';
import { storeOutgoing } from '../outbox/outbox.js';
import type { BrakeChange } from './brakes.js';
import type { DeliveryResult } from './delivery.js';

const queue = 'probe.note';
/** Pauses short enough for specs; everything else is as in production. */
const brake = { firstPauseMs: 40, longestPauseMs: 160 };

describe('the brake of a consumer', () => {
  const { db, startWith } = roadHarness('brake');

  it('makes no dead letters of an outage: ten failures, some probes, and then everything is handled', async () => {
    let isOut = true;
    const tries: string[] = [];
    const runtime = await startWith(
      { brake },
      handlerFor(
        Note,
        queue,
        ({ text }) => {
          tries.push(text);
          if (isOut) throw Object.assign(new Error(`no answer about ${text}`), { code: 'EAWAY' });
          return [];
        },
        { attempts: 2 },
      ),
    );
    const results = resultsOf(runtime);
    const someProbes = settled(runtime, ({ isCounted }) => !isCounted, 10);
    const isOn = next(runtime.brakes.changes, true);
    const isOff = next(runtime.brakes.changes, false);
    const all = settled(runtime, ({ outcome }) => outcome === 'handled', 30);

    await send(runtime, 30);
    expect(await isOn).toMatchObject({ queue, report: { failures: 10, code: 'EAWAY' } });
    await someProbes;
    const triesInOutage = tries.length;
    expect(runtime.brakes.current).toMatchObject([{ queue, report: { code: 'EAWAY' } }]);
    isOut = false;

    await all;
    await isOff;
    expect(triesInOutage).toBeLessThanOrEqual(10 + 10 + 9);
    expect(
      results.filter(({ isCounted, outcome }) => isCounted && outcome === 'retry'),
    ).toHaveLength(9);
    expect(results.filter(({ outcome }) => outcome === 'dead-letter')).toEqual([]);
    expect(results.filter(({ attempt }) => attempt > 2)).toEqual([]);
    expect(runtime.brakes.current).toEqual([]);
  });

  it('lets bad messages alone in a queue end as dead letters when it has been on for its time', async () => {
    const lastTries = new Set<string>();
    const runtime = await startWith(
      { brake: { ...brake, uncountedForMs: 300 } },
      handlerFor(
        Note,
        queue,
        ({ text }, { isLastAttempt }) => {
          if (isLastAttempt) lastTries.add(text);
          throw new Error('none of these ever works');
        },
        { attempts: 4 },
      ),
    );
    const results = resultsOf(runtime);
    const ended = settled(runtime, ({ outcome }) => outcome === 'dead-letter', 5);

    await send(runtime, 5);

    expect((await ended).map(({ attempt }) => attempt)).toEqual([4, 4, 4, 4, 4]);
    expect(lastTries.size).toBe(5);
    expect(results.filter(({ isCounted }) => !isCounted)).not.toEqual([]);
    expect(runtime.brakes.current).toMatchObject([{ queue }]);
  });

  it('works without the database', async () => {
    const database = await ownDatabase();
    const runtime = await startWith(
      { brake, database },
      handlerFor(Note, queue, () => []),
    );
    const isOn = next(runtime.brakes.changes, true);
    const all = settled(runtime, ({ outcome }) => outcome === 'handled', 20);
    await database.destroy();

    await store(20);
    const relay = await startWith({ brake });
    await isOn;
    await database.initialize();

    await all;
    expect(runtime.brakes.current).toEqual([]);
    await Promise.all([runtime.stop(), relay.stop()]);
    await database.destroy();
  });

  it('is not put on by a bad message among good ones', async () => {
    const runtime = await startWith(
      { brake: { ...brake, failures: 3 } },
      handlerFor(
        Note,
        queue,
        ({ text }) => {
          if (text.startsWith('0 ')) throw new Error('this one never works');
          return [];
        },
        { attempts: 5 },
      ),
    );
    const changes: BrakeChange[] = [];
    runtime.brakes.changes.subscribe((change) => changes.push(change));
    const good = settled(runtime, ({ outcome }) => outcome === 'handled', 29);
    const bad = settled(runtime, ({ outcome }) => outcome === 'dead-letter');

    await send(runtime, 30);

    await good;
    expect(await bad).toMatchObject([{ attempt: 5 }]);
    expect(changes).toEqual([]);
  });

  it('leaves what waits to the broker when the process stops, and does not wait for it', async () => {
    const away = await startWith(
      { brake: { firstPauseMs: 60_000 }, drainTimeoutMs: 60_000 },
      handlerFor(Note, queue, () => {
        throw new Error('away');
      }),
    );
    const isOn = next(away.brakes.changes, true);
    await send(away, 30);
    await isOn;
    await eventually(() => expect(away.consumerReports()).toMatchObject([{ inHand: 0 }]));

    const startedAt = performance.now();
    await away.stop();

    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const handled = new Set<string>();
    await startWith(
      {},
      handlerFor(Note, queue, ({ text }) => {
        handled.add(text);
        return [];
      }),
    );
    await eventually(() => expect(handled.size).toBe(30));
  });

  const send = async (runtime: MessagingRuntime, count: number): Promise<void> => {
    await store(count);
    runtime.nudge();
  };

  const store = async (count: number): Promise<void> => {
    const run = randomUUID();
    const notes = Array.from({ length: count }, (_, number) => Note({ text: `${number} ${run}` }));
    await db().transaction((tx) => storeOutgoing(tx, notes, probeContext));
  };
});

function resultsOf(runtime: MessagingRuntime): DeliveryResult[] {
  const results: DeliveryResult[] = [];
  runtime.deliveries.settled.subscribe((result) => results.push(result));
  return results;
}

function next(changes: Observable<BrakeChange>, wanted: boolean): Promise<BrakeChange> {
  return firstValueFrom(changes.pipe(filter(({ isOn }) => isOn === wanted)));
}
