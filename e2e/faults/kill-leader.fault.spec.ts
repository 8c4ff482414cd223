import { eventually } from '../../libs/testing/src/eventually.js';
import { poll } from '../../scripts/lib/poll.mts';
import type { PrivateRabbitmq } from '../../scripts/lib/private-rabbitmq.mts';
import { queuesOf } from '../harness/broker-queues.js';
import { isFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { canRunCluster, clusterHarness } from '../harness/own-cluster.js';
import { untilAllReady } from '../harness/readiness.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';
import { report } from '../harness/tally.js';
import { underLoad } from '../harness/under-load.js';

const describeWithCluster = isFull && canRunCluster() ? describe : describe.skip;

const queue = 'ingest.load-chunk';
const kills = 3;

describeWithCluster('a cluster of three nodes whose leader is killed under load', () => {
  const cluster = clusterHarness();
  const running = stackHarness({ broker: cluster });
  jest.setTimeout(400_000);

  /** The node that leads the queue, asked of any that answers, with all members of the queue at hand. */
  const leader = (): Promise<PrivateRabbitmq> =>
    eventually(async () => {
      for (const { managementUrl } of cluster().nodes) {
        const queues = await queuesOf(running().stack.rabbitmqUrl, managementUrl);
        const found = queues.find(({ name }) => name === queue);
        if (!found?.leader) continue;
        expect(found.members).toHaveLength(3);
        return cluster().nodeNamed(found.leader);
      }
      throw new Error(`No node tells who leads ${queue}.`);
    }, 60_000);

  it('goes on with the others, loses nothing and does nothing twice', async () => {
    const { api, mail, stack } = running();
    const load = new NumberedLoad('clustered', api);
    const killed: string[] = [];

    await underLoad(load, async () => {
      for (let n = 1; n <= kills; n += 1) {
        const node = await leader();
        const sent = load.emailTally(mail).effects;
        await node.kill();
        killed.push(node.nodeName);
        // Work goes on while the node is away.
        const goesOn = (): boolean => load.emailTally(mail).effects > sent + 20;
        expect(await poll(goesOn, { withinMs: 60_000 })).toBe(true);
        await node.start();
      }
    });
    await untilAllReady(stack);

    const settled = await settleLoad(load, running(), {
      scenario: 'leader of three nodes killed',
      faults: kills,
    });
    report('leader of three nodes killed', { killed: killed.join(' ') });
    expect(settled).toMatchObject(everythingOnce);
  });
});
