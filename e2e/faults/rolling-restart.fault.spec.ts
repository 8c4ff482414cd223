import { freePorts } from '../../scripts/lib/ports.mts';
import { eventually } from '../../libs/testing/src/eventually.js';
import { Balancer, hasBalancer } from '../harness/balancer.js';
import { waitingIn } from '../harness/broker-queues.js';
import { count } from '../harness/database.js';
import { type Ending, Fleet, type Replaced } from '../harness/fleet.js';
import { describeInFull, isFull } from '../harness/in-full.js';
import {
  type LargeImport,
  resultOf,
  startLargeImport,
  untilChunks,
  wholeFileOnce,
} from '../harness/large-import.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { ReturningReader } from '../harness/returning-reader.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { SlowUploads } from '../harness/slow-uploads.js';
import { stackHarness } from '../harness/stack-harness.js';
import { suiteEndings } from '../harness/suite-endings.js';
import { StrictApi } from '../harness/strict-api.js';
import { report, tellTallies } from '../harness/tally.js';
import { keep, underLoad } from '../harness/under-load.js';

const rounds = isFull ? 3 : 1;
const readers = 10;
/** Longer than the balancer takes to notice, see haproxy.cfg. */
const gatewayEnv = { SHUTDOWN_DELAY_MS: '2000' };

(hasBalancer ? describe : describe.skip)('a rolling restart under load', () => {
  let ports: [number, number] = [0, 0];
  let fleet: Fleet;
  let balancer: Balancer;
  const whenDone = suiteEndings();
  beforeAll(async () => {
    const [one = 0, two = 0] = await freePorts([undefined, undefined]);
    ports = [one, two];
  });
  const running = stackHarness({
    env: () => ({ gateway: { ...gatewayEnv, PORT: String(ports[0]) } }),
  });
  jest.setTimeout(300_000);

  beforeAll(async () => {
    const { stack } = running();
    fleet = await Fleet.start(stack, ports);
    balancer = await Balancer.start(ports, stack.logFolder);
    whenDone(() => balancer.stop());
    await balancer.untilUp(2);
  });

  it('is noticed by nobody', async () => {
    const replaced: Replaced[] = [];
    const { api, settled, large, seen } = await watch('rolling restart', async (scene) => {
      for (let round = 1; round <= rounds; round += 1) {
        replaced.push(...(await replaceGateways(scene, 'stop')));
        replaced.push(...(await replaceIngest(scene, 'stop')), await replaceNotifier(scene));
      }
      return replaced.length;
    });

    report('rolling restart', {
      'processes replaced': replaced.length,
      'requests in hand at a stop': replaced.reduce((sum, { inHand }) => sum + inHand, 0),
    });
    expect(api.failures).toEqual([]);
    expect(replaced.map(({ exit }) => exit)).toEqual(
      replaced.map(() => ({ code: 0, signal: null })),
    );
    expect(settled).toMatchObject(everythingOnce);
    // Nobody had to be in doubt.
    expect(Object.values(settled).map(({ repeated }) => repeated)).toEqual([0, 0, 0]);
    expect(large).toEqual(large.map(() => wholeFileOnce));
    expect(seen).toEqual(seen.map(({ stored }) => ({ stored, ids: stored })));
  });

  describeInFull('of gateways that are killed instead', () => {
    it('is noticed, and nothing is lost', async () => {
      const { api, settled, seen } = await watch('gateways killed in turn', async (scene) => {
        return (await replaceGateways(scene, 'kill')).length;
      });

      report('gateways killed in turn', { failed: api.failures.length });
      // A client that asks again loses nothing, and streams go on where they were.
      expect(api.failures.length).toBeGreaterThan(0);
      expect(settled).toMatchObject(everythingOnce);
      expect(seen).toEqual(seen.map(({ stored }) => ({ stored, ids: stored })));
    });
  });

  interface Scene {
    name: string;
    api: StrictApi;
    load: NumberedLoad;
    large: LargeImport[];
  }

  /** Clients post, get and listen by way of the balancer while `work` replaces processes, and tells how many. */
  async function watch(scenario: string, work: (scene: Scene) => Promise<number>) {
    const { db, stack } = running();
    const name = scenario.replaceAll(' ', '_');
    const api = new StrictApi(() => balancer.url, stack.apiKey);
    const scene: Scene = { name, api, load: new NumberedLoad(name, api), large: [] };
    const from = await count(db, 'select coalesce(max(sequence), 0) from gateway.event');
    const streams = Array.from({ length: readers }, () => new ReturningReader(api, stack.apiKey));
    const topics = 'topics=import:*,email:*';
    await Promise.all(streams.map((stream) => stream.open(balancer.url, topics)));

    let isOver = false;
    const getting = keep(() => ask(api), { isOver: () => isOver, restMs: 25 });
    const faults = await underLoad(scene.load, () => work(scene), { clients: 2, restMs: 100 });
    isOver = true;
    await getting;

    const settled = await settleLoad(scene.load, running(), { scenario, faults });
    const large = [];
    for (const run of scene.large) {
      large.push(
        await resultOf(running(), run, { scenario: `import in a ${scenario}`, faults: 0 }),
      );
    }
    const stored = await storedSince(from);
    await eventually(() => {
      const last = streams.map(({ lastSeen }) => lastSeen);
      expect(last).toEqual(last.map(() => stored.at(-1)));
    });
    await Promise.all(streams.map((stream) => stream.close()));
    const seen = streams.map(({ ids }) => ({ stored, ids }));
    tellTallies(`${scenario}: requests`, 0, [api.tally]);
    tellTallies(
      `${scenario}: events`,
      0,
      streams.map((stream) => stream.compare(stored)),
    );
    report(scenario, {
      'failed requests': api.failures.length,
      streams: streams.length,
      'connections they made': streams.reduce((sum, { connections }) => sum + connections, 0),
    });
    return { api, settled, large, seen };
  }

  async function storedSince(from: number): Promise<number[]> {
    const { rows } = await running().db.query<{ sequence: string }>(
      'select sequence from gateway.event where sequence > $1 order by sequence',
      [from],
    );
    return rows.map(({ sequence }) => Number(sequence));
  }

  /** Each while uploads and a large import are on their way. */
  async function replaceGateways(scene: Scene, ending: Ending): Promise<Replaced[]> {
    const { apiKey, storageFolder } = running().stack;
    const replaced: Replaced[] = [];
    for (const place of ['first', 'second'] as const) {
      if (ending === 'stop' && place === 'first') await startLarge(scene);
      const target = { url: balancer.url, apiKey, storageFolder };
      const uploads = await SlowUploads.start(scene.api, target);
      replaced.push(await fleet.replace('gateway', place, ending));
      await uploads.done();
      await balancer.untilUp(2);
    }
    return replaced;
  }

  /** Each in the middle of a large import. */
  async function replaceIngest(scene: Scene, ending: Ending): Promise<Replaced[]> {
    const { id } = await startLarge(scene);
    await untilChunks(running(), id, 2);
    return [
      await fleet.replace('ingest', 'first', ending),
      await fleet.replace('ingest', 'second', ending),
    ];
  }

  /** There is only one: what it would do waits meanwhile. */
  async function replaceNotifier({ name }: Scene): Promise<Replaced> {
    let waited = 0;
    const untilSomeWait = async (): Promise<void> => {
      await eventually(async () => {
        waited = await waitingIn('notifier.send-email', running().stack.rabbitmqUrl);
        expect(waited).toBeGreaterThan(0);
      }, 30_000);
    };
    const replaced = await fleet.replace('notifier', 'first', 'stop', untilSomeWait);
    report(name, { 'e-mails that waited for the notifier': waited });
    return replaced;
  }

  async function startLarge({ name, api, large }: Scene): Promise<LargeImport> {
    const run = await startLargeImport({ api }, `${name}_${large.length + 1}`);
    large.push(run);
    return run;
  }
});

async function ask(api: StrictApi): Promise<void> {
  await api.call('GET', '/v1/imports?limit=5').catch(() => undefined);
  await api.call('GET', '/v1/uploads?limit=5').catch(() => undefined);
}
