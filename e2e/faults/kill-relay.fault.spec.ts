import { eventually } from '../../libs/testing/src/eventually.js';
import { asAdministrator } from '../../scripts/lib/provision-database.mts';
import { count, holdingsExpected, holdingsOf } from '../harness/database.js';
import { logLines } from '../harness/log-lines.js';
import { numberedColumns, numberedCsv } from '../harness/numbered-csv.js';
import { stackHarness } from '../harness/stack-harness.js';
import { report } from '../harness/tally.js';

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

describe('a gateway that is killed after a publish, before it is marked as sent', () => {
  const running = stackHarness();

  it('publishes again when it starts again, and the import happens once', async () => {
    const { api, db, stack } = running();
    const csv = numberedCsv({ rows: 5000 });
    const upload = await api.upload(csv.text);
    const { id, messageId } = await asAdministrator(connectionOf(running()), async (holder) => {
      await holder.query('select pg_advisory_lock(4711)');
      await db.query(holdUpMarks);
      const run = await api.startImport({
        upload_id: upload.id,
        dataset: { name: 'published_twice', columns: numberedColumns },
      });
      await eventually(async () => {
        expect(await count(db, heldUp)).toBe(1);
        const handled = 'select count(*) from ingest.import_run where import_id = $1';
        expect(await count(db, handled, [run.id])).toBe(1);
      });
      await stack.service('gateway').kill();
      return { id: run.id, messageId: await startMessageOf(running(), run.id) };
    });
    // The holder's connection has ended, so the dead gateway's session goes on, finds nobody, and rolls back.
    await db.query(letMarksPass);
    expect(await isMarked(running(), messageId)).toBe(false);

    await stack.startAgain('gateway');

    await eventually(async () => expect(await isMarked(running(), messageId)).toBe(true));
    const outcomes = await eventually(() => {
      const seen = logLines(stack.service('ingest'))
        .filter((line) => line.messageId === messageId)
        .map(({ outcome }) => outcome);
      expect(seen).toHaveLength(2);
      return seen;
    });
    await eventually(async () => expect((await api.getImport(id)).state).toBe('completed'));
    const held = await holdingsOf(db, 'published_twice');
    report('relay killed', {
      publishes: outcomes.length,
      outcomes: outcomes.join('+'),
      rows: held.rows,
    });
    expect(outcomes).toEqual(['handled', 'duplicate']);
    expect(held).toEqual(holdingsExpected(csv));
  });
});

type Running = ReturnType<ReturnType<typeof stackHarness>>;

async function startMessageOf({ db }: Running, importId: string): Promise<string> {
  const { rows } = await db.query<{ message_id: string }>(
    `select message_id from gateway.outbox_message
      where routing_key like 'ingest.start-import%' and headers ->> 'ce-subject' = $1`,
    [`import:${importId}`],
  );
  return rows[0]?.message_id ?? 'missing';
}

async function isMarked({ db }: Running, messageId: string): Promise<boolean> {
  const marked =
    'select count(*) from gateway.outbox_message where message_id = $1 and sent_at is not null';
  return (await count(db, marked, [messageId])) === 1;
}

function connectionOf({ stack }: Running): string {
  return stack.databaseUrls.gateway;
}
