import { count } from '../harness/database.js';
import { isFull } from '../harness/in-full.js';
import { total, unleash } from '../harness/nemesis.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { faultSeed } from '../harness/seeded-random.js';
import { serviceLanes } from '../harness/service-faults.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';
import { report } from '../harness/tally.js';
import { underLoad } from '../harness/under-load.js';

const faults = isFull ? 240 : 15;

describe('services that are killed, frozen and cut off at random under load', () => {
  // The relay takes its time, so that a notifier often dies with mails in the relay's hands.
  const running = stackHarness({ relayThinksMs: 40, behindProxy: true });
  jest.setTimeout(240_000 + faults * 5000);

  it('lose nothing and do nothing twice', async () => {
    const { api, db } = running();
    const seed = faultSeed();
    const load = new NumberedLoad('under_fire', api);

    const injected = await underLoad(load, () => unleash(serviceLanes(running), { seed, faults }));

    const settled = await settleLoad(load, running(), {
      scenario: 'services at random',
      faults: total(injected),
    });
    report('services at random', { seed, ...Object.fromEntries(injected) });
    expect(settled).toMatchObject(everythingOnce);
    const open = `select count(*) from gateway.dead_letter where state = 'open'`;
    expect(await count(db, open)).toBe(0);
  });
});
