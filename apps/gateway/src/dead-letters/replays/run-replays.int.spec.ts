import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';
import { RunReplays } from './run-replays.js';

describe('two gateways side by side', () => {
  const other = gatewayHarness({ broker: 'run-replays' });
  // The key of the one that starts last is the one that counts.
  const gateway = gatewayHarness({ broker: 'run-replays' });
  const worker = replayHarness('run-replays', gateway);
  const { letters, start, until, decides, idsArrived } = worker;

  it('put every message of a replay back once between them', async () => {
    const ids = await letters(80);
    const earlier = idsArrived().length;
    decides(() => 'handled');

    const { id } = await start({ ids, pace: { rate_per_s: 2000, max_in_flight: 20 } });
    await until(id, { state: 'completed', counts: { succeeded: 80 } });

    const sent = idsArrived().slice(earlier);
    expect([sent.length, new Set(sent).size]).toEqual([80, 80]);
  });

  it('go on with what the other began', async () => {
    const ids = await letters(30);
    decides(() => 'handled');
    const { id } = await start({ ids, pace: { canary: 5, rate_per_s: 50 } });
    await until(id, { stage: 'ramp' });

    await gateway.app().get(RunReplays).onModuleDestroy();
    await until(id, { state: 'completed', counts: { succeeded: 30 } });

    const { body } = await other.as(gateway.bootstrapKey).get(`/v1/replays/${id}`).expect(200);
    expect(body.state).toBe('completed');
  });
});
