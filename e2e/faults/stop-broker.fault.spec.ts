import { eventually } from '../../libs/testing/src/eventually.js';
import { isFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { brokerHarness, canRunBroker } from '../harness/own-broker.js';
import { readinessOf, untilAllReady } from '../harness/readiness.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';

/** Without RabbitMQ or Docker on this machine there is only a given broker, which is not ours to stop. */
const describeWithBroker = canRunBroker() ? describe : describe.skip;

const itInFull = isFull ? it : it.skip;

describeWithBroker('while the broker is away', () => {
  const broker = brokerHarness();
  const running = stackHarness({ broker });

  it('everything is accepted, and done once when the broker is back', async () => {
    const load = new NumberedLoad('stopped', running().api);
    await Promise.all([load.postImport(), load.postEmail()]);

    await broker().stop();
    for (let round = 1; round <= 15; round += 1) {
      await Promise.all([load.postImport(), load.postEmail()]);
    }
    const gateway = await readinessOf(running().stack, 'gateway');
    const ingest = await readinessOf(running().stack, 'ingest');
    await broker().start();
    await untilAllReady(running().stack);

    expect(gateway.status).toBe(200);
    expect(gateway.checks.broker?.reason).toMatch(
      /connection to publish is disconnected.*Accepted work waits in the outbox/,
    );
    expect(ingest.status).toBe(503);
    expect(ingest.checks.broker).toMatchObject({
      is_up: false,
      reason: expect.stringContaining('connection to consume is disconnected'),
    });
    const settled = await settleLoad(load, running(), { scenario: 'broker stopped', faults: 1 });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled).toMatchObject({
      rows: { accepted: 320, effects: 320 },
      emails: { effects: 16, repeated: 0 },
      notices: { effects: 16, repeated: 0 },
    });
  });

  itInFull(
    'killed in the middle of the work it had confirmed, nothing is lost or doubled',
    async () => {
      const load = new NumberedLoad('killed', running().api);
      const posting = post(load, 40);

      const done = (): number => load.emailTally(running().mail).effects;
      await eventually(() => expect(done()).toBeGreaterThan(5), 60_000);
      await broker().kill();
      await posting;
      await broker().start();
      await untilAllReady(running().stack);

      const settled = await settleLoad(load, running(), { scenario: 'broker killed', faults: 1 });
      expect(settled).toMatchObject(everythingOnce);
      expect(settled).toMatchObject({
        rows: { accepted: 800, effects: 800 },
        emails: { effects: 40, repeated: 0 },
        notices: { effects: 40, repeated: 0 },
      });
    },
  );
});

async function post(load: NumberedLoad, times: number): Promise<void> {
  for (let round = 1; round <= times; round += 1) {
    await Promise.all([load.postImport(), load.postEmail()]);
  }
}
