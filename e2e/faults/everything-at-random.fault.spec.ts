import { isFull } from '../harness/in-full.js';
import { total, unleash } from '../harness/nemesis.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { brokerHarness, canRunBroker } from '../harness/own-broker.js';
import { canRunDatabase, databaseHarness } from '../harness/own-database.js';
import { untilAllReady } from '../harness/readiness.js';
import { faultSeed } from '../harness/seeded-random.js';
import { serverLane } from '../harness/server-faults.js';
import { serviceLanes } from '../harness/service-faults.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';
import { report } from '../harness/tally.js';
import { underLoad } from '../harness/under-load.js';

const canRun = isFull && canRunBroker() && canRunDatabase();
const describeWithServers = canRun ? describe : describe.skip;

const faults = 50;

describeWithServers('services and servers that fail at random and at the same time', () => {
  const broker = brokerHarness();
  const database = databaseHarness();
  const running = stackHarness({ broker, database, relayThinksMs: 40, behindProxy: true });
  jest.setTimeout(1_200_000);

  it('lose nothing and do nothing twice', async () => {
    const { api, stack } = running();
    const seed = faultSeed();
    const load = new NumberedLoad('everything', api);
    const lanes = [...serviceLanes(running), serverLane(running, { broker, database })];

    const injected = await underLoad(load, () => unleash(lanes, { seed, faults }));
    await untilAllReady(stack);

    const settled = await settleLoad(load, running(), {
      scenario: 'everything at random',
      faults: total(injected),
    });
    report('everything at random', { seed, ...Object.fromEntries(injected) });
    expect(settled).toMatchObject(everythingOnce);
  });
});
