import { eventually } from '../../libs/testing/src/eventually.js';
import { poll } from '../../scripts/lib/poll.mts';
import type { ServiceProcess } from '../../scripts/lib/service-process.mts';
import type { Service } from '../../scripts/lib/services.mts';
import { count } from '../harness/database.js';
import { isFull } from '../harness/in-full.js';
import { deliveriesOf, type LogLine, logLines } from '../harness/log-lines.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { everythingOnce, isAtRest, settleLoad } from '../harness/settle-load.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';

const rounds = isFull ? 5 : 1;

describe('a worker that is killed when its work is committed and its ack is not heard', () => {
  const running = stackHarness({ behindProxy: true });

  it('has every message again, and none of it happens again', async () => {
    const { api, db, proxy, stack } = running();
    const load = new NumberedLoad('committed', api);
    const recognised: (boolean | undefined)[] = [];

    for (let round = 1; round <= rounds; round += 1) {
      await holdAcks(running(), 'ingest', load);
      const n = await load.postImport();
      await eventually(async () => expect(await load.isImported(db, n)).toBe(true));
      await stack.service('ingest').kill();
      proxy.cut('ingest');
      await stack.startAgain('ingest');
      const look = (): boolean => logLines(stack.service('ingest')).some(isChunkAgain);
      recognised.push(await poll(look, { withinMs: 15_000 }));
    }

    const settled = await settleLoad(load, running(), {
      scenario: 'ingest killed between commit and ack',
      faults: rounds,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(recognised).toEqual(recognised.map(() => true));
  });

  it('sends no e-mail again', async () => {
    const { api, mail, proxy, stack } = running();
    const load = new NumberedLoad('mailed', api);

    for (let round = 1; round <= rounds; round += 1) {
      await holdAcks(running(), 'notifier', load);
      const notifier = stack.service('notifier');
      const from = logLines(notifier).length;
      const n = await load.postEmail();
      const messageId = await eventually(() => deliveryWith('handled', notifier, from));
      expect(mail.takenFor(load.emailAddress(n))).toHaveLength(1);
      await stack.service('notifier').kill();
      proxy.cut('notifier');
      await stack.startAgain('notifier');
      await eventually(() =>
        expect(deliveriesOf(stack.service('notifier'), messageId)).toEqual(['duplicate']),
      );
    }

    const settled = await settleLoad(load, running(), {
      scenario: 'notifier killed between commit and ack',
      faults: rounds,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.emails.repeated).toBe(0);
  });
});

/** The database refuses every chunk while it is there. */
const refuseChunks = `
  create function ingest.refuse() returns trigger language plpgsql as
    $$begin raise exception 'refused by the test'; end$$;
  create trigger refuse before insert on ingest.import_chunk
    for each row execute function ingest.refuse();`;
const takeChunks = `
  drop trigger refuse on ingest.import_chunk;
  drop function ingest.refuse();`;

describe('a worker that is killed when the retry is published and its ack is not heard', () => {
  const running = stackHarness({ behindProxy: true });

  it('has the message twice, and stores the rows once', async () => {
    const { api, db, proxy, stack } = running();
    const load = new NumberedLoad('retried', api);

    for (let round = 1; round <= rounds; round += 1) {
      await holdAcks(running(), 'ingest', load);
      await db.query(refuseChunks);
      const ingest = stack.service('ingest');
      const from = logLines(ingest).length;
      const n = await load.postImport();
      const messageId = await eventually(() => deliveryWith('retry', ingest, from));
      await stack.service('ingest').kill();
      await db.query(takeChunks);
      proxy.cut('ingest');
      await stack.startAgain('ingest');
      // The first, whose ack was not heard, and its copy, in whichever order they come.
      await eventually(() => {
        const outcomes = deliveriesOf(stack.service('ingest'), messageId);
        expect(outcomes.filter((outcome) => outcome === 'handled')).toHaveLength(1);
        expect(outcomes).toContain('duplicate');
      });
      expect(await load.isImported(db, n)).toBe(true);
    }

    const settled = await settleLoad(load, running(), {
      scenario: 'ingest killed between retry and ack',
      faults: rounds,
    });
    expect(settled).toMatchObject(everythingOnce);
    const chunks = 'select count(*) from ingest.import_chunk';
    expect(await count(db, chunks)).toBe(rounds);
  });

  it('sends the e-mail once', async () => {
    const { api, mail, proxy, stack } = running();
    const load = new NumberedLoad('deferred', api);

    for (let round = 1; round <= rounds; round += 1) {
      mail.answer(load.emailAddress(round), { code: 451, text: 'Come later' });
      await holdAcks(running(), 'notifier', load);
      const notifier = stack.service('notifier');
      const from = logLines(notifier).length;
      await load.postEmail();
      const messageId = await eventually(() => deliveryWith('retry', notifier, from));
      await stack.service('notifier').kill();
      proxy.cut('notifier');
      await stack.startAgain('notifier');
      await eventually(() => {
        const outcomes = deliveriesOf(stack.service('notifier'), messageId);
        expect(outcomes.toSorted()).toEqual(['duplicate', 'handled']);
      });
    }

    const settled = await settleLoad(load, running(), {
      scenario: 'notifier killed between retry and ack',
      faults: rounds,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.emails.repeated).toBe(0);
  });
});

/**
 * From here on no ack of this service is heard. What it did before is acknowledged first, by an orderly
 * stop: the acks that are held up must not keep it from getting more to do.
 */
async function holdAcks(running: TestStack, service: Service, load: NumberedLoad): Promise<void> {
  expect(await isAtRest(load, running)).toBe(true);
  await running.stack.service(service).stop();
  await running.stack.startAgain(service);
  running.proxy.holdAcksOf(service);
}

/** The id of a message whose delivery has ended so, told after the first `from` lines; throws while there is none. */
function deliveryWith(outcome: string, service: ServiceProcess, from: number): string {
  const found = logLines(service)
    .slice(from)
    .find((line) => line.event === 'delivery' && line.outcome === outcome);
  if (!found?.messageId) throw new Error(`Nothing was ${outcome} by ${service.label} yet.`);
  return found.messageId;
}

/** A chunk that had been loaded before came once more and was recognised. */
function isChunkAgain({ queue, outcome }: LogLine): boolean {
  return queue === 'ingest.load-chunk' && outcome === 'duplicate';
}
