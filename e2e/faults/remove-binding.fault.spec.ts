import type { DeadLetterSummary, List } from '@offload/contracts/http';
import { eventually } from '../../libs/testing/src/eventually.js';
import { managementRequest } from '../../scripts/lib/rabbitmq-management.mts';
import { onChannel, vhostOf } from '../harness/broker-queues.js';
import { describeInFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { replayAndWait } from '../harness/replays.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';

const exchange = 'offload.commands';
const queue = 'ingest.start-import';
const routingKey = 'ingest.start-import.v1';
const imports = 4;

describeInFull('while the binding of a queue is missing', () => {
  const running = stackHarness();

  it('its commands are kept as unrouted, and each is handled once after a replay', async () => {
    const { api, managementUrl, stack } = running();
    const load = new NumberedLoad('unrouted', api);
    const binding = `/api/bindings/${vhostOf(stack.rabbitmqUrl)}/e/${exchange}/q/${queue}/${routingKey}`;

    expect(await managementRequest(managementUrl, 'DELETE', binding)).toBeDefined();
    for (let n = 1; n <= imports; n += 1) await load.postImport();
    const letters = await eventually(async () => {
      const { data } = await api.get<List<DeadLetterSummary>>('/v1/dead-letters?state=open');
      expect(data).toHaveLength(imports);
      return data;
    });
    await onChannel(stack.rabbitmqUrl, (channel) => channel.bindQueue(queue, exchange, routingKey));
    const replayed = await replayAndWait(api, { filter: { code: 'messaging.unrouted' } });

    expect(
      letters.map(({ failure, message_type, queue: failedIn }) => [
        failure.code,
        message_type,
        failedIn,
      ]),
    ).toEqual(letters.map(() => ['messaging.unrouted', routingKey, null]));
    expect(replayed.counts).toMatchObject({ total: imports, succeeded: imports });
    const settled = await settleLoad(load, running(), { scenario: 'binding removed', faults: 1 });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.rows.accepted).toBe(imports * 20);
  });
});
