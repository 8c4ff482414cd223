import { eventually } from '../../libs/testing/src/eventually.js';
import { asAdministrator } from '../../scripts/lib/provision-database.mts';
import { count } from '../harness/database.js';
import { isFull } from '../harness/in-full.js';
import { deliveriesOf } from '../harness/log-lines.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';

/** The database itself holds the relay up between the broker's confirm and the mark in the outbox. */
const holdUpMarks = `
  create function gateway.hold_up() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock_shared(4711); return new; end';
  create trigger hold_up before update on gateway.outbox_message
    for each row execute function gateway.hold_up();`;
const letMarksPass = `
  drop trigger hold_up on gateway.outbox_message;
  drop function gateway.hold_up();`;
const heldUp = `
  select count(*) from pg_locks join pg_database on pg_database.oid = pg_locks.database
   where datname = current_database() and locktype = 'advisory' and objid = 4711 and not granted`;

const rounds = isFull ? 5 : 1;

describe('a gateway that is killed after a publish, before it is marked as sent', () => {
  const running = stackHarness();

  it('publishes again when it starts again, and each import happens once', async () => {
    const { api, db, stack } = running();
    const load = new NumberedLoad('published_twice', api);
    const outcomes: string[] = [];

    for (let round = 1; round <= rounds; round += 1) {
      const messageId = await killBeforeMark(running(), load);
      expect(await isMarked(running(), messageId)).toBe(false);
      await stack.startAgain('gateway');
      await eventually(async () => expect(await isMarked(running(), messageId)).toBe(true));
      const seen = await eventually(() => {
        const deliveries = deliveriesOf(stack.service('ingest'), messageId);
        expect(deliveries).toHaveLength(2);
        return deliveries;
      });
      outcomes.push(seen.join('+'));
    }

    const settled = await settleLoad(load, running(), {
      scenario: 'gateway killed between publish and mark',
      faults: rounds,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(outcomes).toEqual(Array.from({ length: rounds }, () => 'handled+duplicate'));
    expect(await count(db, heldUp)).toBe(0);
  });
});

/** Kills the gateway when its message is handled already and not marked. Answers the message's id. */
async function killBeforeMark(running: TestStack, load: NumberedLoad): Promise<string> {
  const { db, stack } = running;
  const messageId = await asAdministrator(stack.databaseUrls.gateway, async (holder) => {
    await holder.query('select pg_advisory_lock(4711)');
    await db.query(holdUpMarks);
    const n = await load.postImport();
    await eventually(async () => {
      expect(await count(db, heldUp)).toBeGreaterThan(0);
      expect(await load.isImported(db, n)).toBe(true);
    });
    await stack.service('gateway').kill();
    return lastStartMessage(running);
  });
  // The holder's connection has ended, so the dead gateway's session goes on, finds nobody, and rolls back.
  await db.query(letMarksPass);
  return messageId;
}

async function lastStartMessage({ db }: TestStack): Promise<string> {
  const { rows } = await db.query<{ message_id: string }>(
    `select message_id from gateway.outbox_message
      where routing_key like 'ingest.start-import%' order by id desc limit 1`,
  );
  return rows[0]?.message_id ?? 'missing';
}

async function isMarked({ db }: TestStack, messageId: string): Promise<boolean> {
  const marked =
    'select count(*) from gateway.outbox_message where message_id = $1 and sent_at is not null';
  return (await count(db, marked, [messageId])) === 1;
}
