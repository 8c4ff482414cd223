import { eventually } from '../../libs/testing/src/eventually.js';
import { waitingIn } from '../harness/broker-queues.js';
import { count } from '../harness/database.js';
import { isFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { brokerHarness, canRunBroker } from '../harness/own-broker.js';
import { readinessOf, untilAllReady } from '../harness/readiness.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';

const describeWithBroker = isFull && canRunBroker() ? describe : describe.skip;

describeWithBroker('while the broker has no memory left', () => {
  const broker = brokerHarness();
  const running = stackHarness({ broker });

  it('everything is accepted, told in words, worked on, and done once when it has some again', async () => {
    const { api, db, stack } = running();
    const load = new NumberedLoad('alarmed', api);
    // Work that lies in its queue already when the alarm comes.
    await stack.service('ingest').stop();
    for (let n = 1; n <= 5; n += 1) await load.postImport();
    await eventually(async () =>
      expect(await waitingIn('ingest.start-import', stack.rabbitmqUrl)).toBe(5),
    );

    await broker().control('set_vm_memory_high_watermark', '0');
    for (let n = 1; n <= 15; n += 1) await Promise.all([load.postImport(), load.postEmail()]);
    const gateway = await eventually(async () => {
      const shown = await readinessOf(stack, 'gateway');
      expect(shown.checks.broker?.reason).toMatch(/is blocked/);
      return shown;
    });
    await stack.startAgain('ingest');
    await eventually(async () => {
      const handled = `select count(*) from ingest.import_run`;
      expect(await count(db, handled)).toBe(5);
      expect(await waitingIn('ingest.start-import', stack.rabbitmqUrl)).toBe(0);
    });
    const ingest = await eventually(async () => {
      const shown = await readinessOf(stack, 'ingest');
      expect(shown.checks.broker?.reason).toMatch(/connection to publish is blocked/);
      return shown;
    });
    await broker().control('set_vm_memory_high_watermark', 'absolute', '1GB');
    await untilAllReady(stack);

    expect(gateway.status).toBe(200);
    expect(gateway.checks.broker?.reason).toMatch(
      /connection to publish is blocked: low on memory.*Accepted work waits in the outbox/,
    );
    // A worker that cannot publish can still store what it does, and says so.
    expect(ingest.status).toBe(200);
    const settled = await settleLoad(load, running(), {
      scenario: 'broker without memory',
      faults: 1,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled).toMatchObject({ rows: { accepted: 400 }, emails: { accepted: 15 } });
  });
});
