import { eventually } from '../../libs/testing/src/eventually.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { brokerHarness, canRunBroker } from '../harness/own-broker.js';
import { nothingLostOrDoubled, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';

interface Readiness {
  status: string;
  checks: { broker: { is_up: boolean; reason?: string } };
}

/** Without RabbitMQ or Docker on this machine there is only a given broker, which is not ours to stop. */
const describeWithBroker = canRunBroker() ? describe : describe.skip;

describeWithBroker('while the broker is away', () => {
  const broker = brokerHarness();
  const running = stackHarness({ broker });

  const readinessOf = async (service: 'gateway' | 'ingest'): Promise<[number, Readiness]> => {
    const response = await fetch(`${running().stack.service(service).url}/health/ready`);
    return [response.status, (await response.json()) as Readiness];
  };

  const untilAllReady = (): Promise<void> =>
    eventually(async () => {
      for (const service of ['gateway', 'ingest'] as const) {
        const [status, { checks }] = await readinessOf(service);
        expect([status, checks.broker]).toEqual([200, { is_up: true }]);
      }
    }, 60_000);

  it('everything is accepted, and done once when the broker is back', async () => {
    const load = new NumberedLoad('stopped', running().api);
    await Promise.all([load.postImport(), load.postEmail()]);

    await broker().stop();
    for (let round = 1; round <= 15; round += 1) {
      await Promise.all([load.postImport(), load.postEmail()]);
    }
    const [gatewayStatus, gateway] = await readinessOf('gateway');
    const [ingestStatus, ingest] = await readinessOf('ingest');
    await broker().start();
    await untilAllReady();

    expect(gatewayStatus).toBe(200);
    expect(gateway.checks.broker.reason).toMatch(
      /connection to publish is disconnected.*Accepted work waits in the outbox/,
    );
    expect(ingestStatus).toBe(503);
    expect(ingest.checks.broker).toMatchObject({
      is_up: false,
      reason: expect.stringContaining('connection to consume is disconnected'),
    });
    const { rows, emails, notices } = await settleLoad(load, running(), {
      what: 'broker stopped',
      managementUrl: broker().managementUrl,
    });
    expect(rows).toMatchObject({ accepted: 320, effects: 320, ...nothingLostOrDoubled });
    expect(emails).toMatchObject({ effects: 16, repeated: 0, ...nothingLostOrDoubled });
    expect(notices).toMatchObject({ effects: 16, repeated: 0, ...nothingLostOrDoubled });
  });

  it('killed in the middle of the work it had confirmed, nothing is lost or doubled', async () => {
    const load = new NumberedLoad('killed', running().api);
    const posting = post(load, 40);

    const done = (): number => load.emailTally(running().mail).effects;
    await eventually(() => expect(done()).toBeGreaterThan(5), 60_000);
    await broker().kill();
    await posting;
    await broker().start();
    await untilAllReady();

    const { rows, emails, notices } = await settleLoad(load, running(), {
      what: 'broker killed',
      managementUrl: broker().managementUrl,
    });
    expect(rows).toMatchObject({ accepted: 800, effects: 800, ...nothingLostOrDoubled });
    expect(emails).toMatchObject({ effects: 40, repeated: 0, ...nothingLostOrDoubled });
    expect(notices).toMatchObject({ effects: 40, repeated: 0, ...nothingLostOrDoubled });
  });
});

async function post(load: NumberedLoad, times: number): Promise<void> {
  for (let round = 1; round <= times; round += 1) {
    await Promise.all([load.postImport(), load.postEmail()]);
  }
}
