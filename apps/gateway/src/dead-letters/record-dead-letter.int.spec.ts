import { randomUUID } from 'node:crypto';
import { unrouted, workerDied } from '@offload/messaging';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { aStoredDeadLetter, type DeadLetterFields } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { DeadLetterEntity } from './dead-letter.entity.js';
import { fingerprintVersion } from './fingerprint.js';
import { recordDeadLetter } from './record-dead-letter.js';
import type { Setback } from './subjects.js';

/** Above: `each` takes its examples before anything below is there. */
const nul = { code: 'a\0', class: 'b\0', message: 'c\0', stack: 'd\0', host: 'e\0' };

function deep(levels: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 0; level < levels; level += 1) value = { value };
  return value;
}

describe(recordDeadLetter, () => {
  const { db } = gatewayHarness();

  it('keeps it with the group of those that failed for the same reason', async () => {
    const queue = randomUUID();
    const first = await stored({ queue, failure: { message: 'Row 17 is gone.' } });
    const alike = await stored({ queue, failure: { message: 'Row 18 is gone.' } });
    const other = await stored({ queue, failure: { message: 'The table is gone.' } });

    expect(alike.groupId).toBe(first.groupId);
    expect(other.groupId).not.toBe(first.groupId);
    expect(first).toMatchObject({
      state: 'open',
      fingerprintVersion,
      failureFrame: null,
      failures: 1,
      closedAt: null,
    });
    expect(await groupOf(db(), first)).toMatchObject({
      kind: 'failure',
      title: 'TypeError: Row <n> is gone.',
      message_type: 'ingest.load-chunk.v1',
    });
  });

  it('keeps the first line of the stack that is our own code', async () => {
    const stack = 'Error: no\n    at load (/app/dist/apps/ingest/src/load.js:1:2)';

    const letter = await stored({ failure: { message: 'no', stack } });

    expect(letter.failureFrame).toBe('load (apps/ingest/src/load)');
  });

  it('has groups of their own for workers that died and for unrouted messages', async () => {
    const died = await stored({ failure: { code: workerDied, class: 'WorkerDied' } });
    const lost = await stored({
      queue: undefined,
      address: { exchange: 'offload.commands', routingKey: 'a' },
      failure: { code: unrouted, class: 'Unrouted' },
    });

    expect(await groupOf(db(), died)).toMatchObject({ kind: 'worker_died' });
    expect(await groupOf(db(), lost)).toMatchObject({ kind: 'unrouted' });
  });

  it('makes one group of many that arrive at once', async () => {
    const message = `Nobody knows ${randomUUID().replaceAll(/[^a-z]/g, '')}.`;

    const letters = await Promise.all(
      Array.from({ length: 12 }, () => stored({ failure: { message } })),
    );

    expect(new Set(letters.map(({ groupId }) => groupId)).size).toBe(1);
  });

  it.each(['open', 'resolved', 'discarded'])(
    'opens one that is %s again when its message fails once more, in the group of that failure',
    async (state) => {
      const messageId = v7();
      const before = await stored({ messageId });
      await setState(before.id, state);

      const after = await stored({
        messageId,
        failure: { message: 'Another reason.', failedAt: new Date('2026-02-01T00:00:00Z') },
      });

      expect(after).toMatchObject({
        id: before.id,
        state: 'open',
        closedAt: null,
        failures: 2,
        firstFailedAt: new Date('2026-01-01T00:00:00Z'),
        failedAt: new Date('2026-02-01T00:00:00Z'),
        failureMessage: 'Another reason.',
      });
      expect(after.groupId).not.toBe(before.groupId);
    },
  );

  it('takes a uuid for the same id however it is written, and leaves other ids as they are', async () => {
    const messageId = v7();
    const upper = await stored({ messageId: messageId.toUpperCase() });
    const lower = await stored({ messageId });
    const other = await stored({ messageId: `No ${messageId}` });

    expect(lower).toMatchObject({ id: upper.id, messageId, failures: 2 });
    expect(other.messageId).toBe(`No ${messageId}`);
  });

  it('leaves one to its replay when another copy of the message arrives meanwhile', async () => {
    const messageId = v7();
    const { id } = await stored({ messageId });
    await setState(id, 'replaying');

    const after = await stored({ messageId });
    const stale = await stored({ messageId, replayItemId: v7() });

    expect(after).toMatchObject({ id, state: 'replaying', failures: 2 });
    expect(stale).toMatchObject({ id, state: 'replaying', failures: 3 });
  });

  it.each<[string, DeadLetterFields]>([
    ['NUL everywhere', { queue: 'a\0b', subject: 'a\0b', failure: nul }],
    ['lone surrogates', { subject: '\ud800', failure: { ...nul, message: '\udc00' } }],
    ['long texts in every index', { queue: 'q'.repeat(9000), subject: 's'.repeat(90_000) }],
    ['a long reason', { failure: { code: 'c'.repeat(9000), message: 'm'.repeat(1_000_000) } }],
    ['deep headers', { headers: deep(50_000) }],
    ['numbers that no int holds', { attempts: 1e15, replays: 1e15 }],
    ['times before the calendar', { failure: { failedAt: new Date(-8.64e15) } }],
    ['times after the calendar', { failure: { firstFailedAt: new Date(8.64e15) } }],
    ['no time at all', { failure: { failedAt: new Date(Number.NaN) } }],
    ['no id and no type', { messageId: undefined, properties: {}, queue: undefined }],
    ['a subject that only looks like one', { subject: `import:${'-'.repeat(36)}` }],
    ['a body that is no text', { body: Buffer.from([0, 0xff, 0xfe]) }],
    ['a large body', { body: Buffer.alloc(5_000_000, 'é') }],
  ])('keeps one with %s', async (_, fields) => {
    const told: Setback[] = [];
    const tell = async (_tx: unknown, setback: Setback): Promise<void> => void told.push(setback);

    const id = await aStoredDeadLetter(db(), { messageId: v7(), ...fields }, { import: tell });
    const letter = await db().manager.findOneByOrFail(DeadLetterEntity, { id });

    expect(letter.state).toBe('open');
    expect(letter.failedAt.getTime()).toBeGreaterThan(Date.parse('2025-01-01'));
    expect(letter.failedAt.getTime()).toBeLessThan(Date.now() + 60_000);
    expect(told).toEqual([]);
  });

  it('tells what it is about, with how many are open', async () => {
    const subject = `import:${v7()}`;
    const told: Setback[] = [];
    const tell = async (_tx: unknown, setback: Setback): Promise<void> => void told.push(setback);

    await aStoredDeadLetter(db(), { subject }, { import: tell });
    await aStoredDeadLetter(db(), { subject }, { import: tell });

    expect(told).toMatchObject([
      {
        id: subject.slice(7),
        isOpen: true,
        open: 1,
        detail: 'Cannot read properties of undefined',
      },
      { isOpen: true, open: 2 },
    ]);
  });

  const stored = async (fields: DeadLetterFields): Promise<DeadLetterEntity> =>
    db().manager.findOneByOrFail(DeadLetterEntity, { id: await aStoredDeadLetter(db(), fields) });

  const setState = (id: string, state: string): Promise<unknown> =>
    db().query(
      `update dead_letter set state = $2,
              closed_at = case when $2 in ('resolved', 'discarded') then now() end where id = $1`,
      [id, state],
    );
});

const groupOf = async (db: DataSource, { groupId }: DeadLetterEntity): Promise<unknown> => {
  const [row]: unknown[] = await db.query('select * from dead_letter_group where id = $1', [
    groupId,
  ]);
  return row;
};
