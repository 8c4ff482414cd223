import { ReplayedMessageHandled } from '@offload/contracts';
import { databaseOptions, migrate } from '@offload/platform';
import { describeHandler, workerDatabase } from '@offload/testing';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { aStoredDeadLetter } from '../../../test/dead-letter-builders.js';
import { database } from '../../database/database.js';
import { SUBJECT_LISTENERS } from '../subjects.js';
import type { QueueHealth, ReadQueueHealth } from './queue-health.js';
import { ReplayEntity } from './replay.entity.js';
import { SettleReplayedHandler } from './settle-replayed.handler.js';
import { settleHandled } from './settle-item.js';
import { startReplay } from './start-replay.js';
import { stepReplay } from './step-replay.js';

/** One step after the other, with nothing around it: what is on the disk is all there is. */
describe(stepReplay, () => {
  let db: DataSource;
  let health: Partial<QueueHealth> = {};

  beforeAll(async () => {
    const settings = database(await workerDatabase());
    await migrate(settings);
    db = await new DataSource(databaseOptions(settings)).initialize();
  });
  afterAll(() => db.destroy());
  beforeEach(() => {
    health = {};
  });

  const readHealth: ReadQueueHealth = (_tx, queues) =>
    Promise.resolve(
      queues.map((queue) => ({
        queue,
        hasConsumer: true,
        liveWaitS: 0,
        brake: null,
        ...(queue === 'spec.other' ? {} : health),
      })),
    );

  const step = (id: string) =>
    db.transaction((tx) => stepReplay(tx, id, { listeners: {}, readHealth }));

  const getReplay = (id: string) => db.manager.findOneByOrFail(ReplayEntity, { id });

  const outboxOf = async (replayId: string): Promise<string[]> => {
    const rows: { message_id: string }[] = await db.query(
      `select message_id from outbox_message
        where headers ->> 'x-replay-item' in (select id::text from replay_item where replay_id = $1)
        order by id`,
      [replayId],
    );
    return rows.map((row) => row.message_id);
  };

  it('leaves nothing behind when it dies before its commit, and is done by the next', async () => {
    const id = await aReplay(db, { letters: 3 });

    const dying = db.transaction(async (tx) => {
      await stepReplay(tx, id, { listeners: {}, readHealth });
      throw new Error('the plug was pulled');
    });
    await expect(dying).rejects.toThrow('the plug was pulled');
    expect([await outboxOf(id), (await getReplay(id)).claimed]).toEqual([[], 3]);
    await step(id);

    expect(await outboxOf(id)).toHaveLength(3);
    expect(await getReplay(id)).toMatchObject({ claimed: 0, published: 3, batchPublished: 3 });
  });

  it('is done by one replica at a time; the other goes on to other work', async () => {
    const id = await aReplay(db, { letters: 5 });

    const both = await db.transaction(async (tx) => {
      const first = await stepReplay(tx, id, { listeners: {}, readHealth });
      return [first, await step(id)];
    });
    await Promise.all(Array.from({ length: 8 }, () => step(id)));

    expect(both).toEqual([{ hasPublished: true, isMore: false, settled: [] }, undefined]);
    const sent = await outboxOf(id);
    expect([sent.length, new Set(sent).size]).toEqual([5, 5]);
  });

  it('waits while the queue is braked or nobody consumes it, and serves the other queue', async () => {
    const id = await aReplay(db, { letters: 2, alsoIn: 'spec.other' });
    health = { hasConsumer: false };

    await step(id);
    await step(id);
    const waiting = await getReplay(id);
    health = { brake: { detail: 'PostgreSQL is away.', since: '2026-01-01T00:00:00Z' } };
    await step(id);
    const braked = await getReplay(id);
    health = {};
    await step(id);

    expect(waiting).toMatchObject({ claimed: 2, published: 1, state: 'running' });
    expect(waiting.waiting).toMatch(/^Nobody consumes the queue spec\./);
    expect(braked.waiting).toMatch(/is braked: PostgreSQL is away\.$/);
    expect(await getReplay(id)).toMatchObject({ claimed: 0, published: 3, waiting: null });
  });

  it('pauses for the sake of live work, by itself and in the audit', async () => {
    const id = await aReplay(db, { letters: 2 });
    health = { liveWaitS: 90 };

    await step(id);

    const { state, pause } = await getReplay(id);
    expect([state, pause?.code]).toEqual(['paused', 'live_backlog']);
    const [operation]: { key_id: string | null; details: object }[] = await db.query(
      `select key_id, details from audit_operation where action = 'replay.pause' and target = $1`,
      [`replay:${id}`],
    );
    expect(operation).toMatchObject({ key_id: null, details: { code: 'live_backlog' } });
  });

  it('does not put back what was handled meanwhile', async () => {
    const id = await aReplay(db, { letters: 2 });
    await db.query(
      `update dead_letter set state = 'resolved', closed_at = now()
        where id = (select dead_letter_id from replay_item where replay_id = $1 and position = 1)`,
      [id],
    );

    await step(id);

    expect(await getReplay(id)).toMatchObject({ claimed: 0, published: 1, skipped: 1 });
  });

  it('counts every outcome once, however many come in side by side', async () => {
    const id = await aReplay(db, { letters: 60, rate: 5000 });
    for (let turn = 0; turn < 20; turn += 1) {
      await step(id);
      const items = await published(db, id);
      await Promise.all(
        items.flatMap((report) => [settle(report), settle(report), step(id)].map(async (p) => p)),
      );
    }

    const done = await getReplay(id);
    expect(done).toMatchObject({ state: 'completed', succeeded: 60, published: 0, claimed: 0 });
    expect(new Set(await outboxOf(id)).size).toBe(60);
    const [left] = await db.query('select count(*)::int from replay_outcome where replay_id = $1', [
      id,
    ]);
    expect(left).toEqual({ count: 0 });
  });

  const settle = (report: ReplayedMessageHandled) =>
    db.transaction((tx) => settleHandled(tx, {}, report));
});

describeHandler(SettleReplayedHandler, {
  service: 'gateway',
  database,
  providers: [{ provide: SUBJECT_LISTENERS, useValue: {} }],
  example: async (db) => {
    const id = await aReplay(db, { letters: 1 });
    await db.transaction((tx) =>
      stepReplay(tx, id, {
        listeners: {},
        readHealth: (_tx, queues) =>
          Promise.resolve(
            queues.map((queue) => ({ queue, hasConsumer: true, liveWaitS: 0, brake: null })),
          ),
      }),
    );
    const [report] = await published(db, id);
    if (!report) throw new Error('Nothing was published.');
    return ReplayedMessageHandled(report);
  },
});

/** A replay of dead letters of a queue of its own, and of one more in another queue. */
async function aReplay(
  db: DataSource,
  { letters, alsoIn, rate = 1000 }: { letters: number; alsoIn?: string; rate?: number },
): Promise<string> {
  const queue = `spec.${v7()}`;
  const now = new Date();
  const failure = { firstFailedAt: now, failedAt: now };
  const ids: string[] = [];
  for (const at of [...Array.from({ length: letters }, () => queue), ...(alsoIn ? [alsoIn] : [])])
    ids.push(await aStoredDeadLetter(db, { queue: at, failure }));
  const replay = await db.transaction((tx) =>
    startReplay(tx, {
      caller: {
        tenantId: v7(),
        keyId: v7(),
        scopes: [],
        correlationId: 'spec',
        traceparent: undefined,
      },
      listeners: {},
      inboxDays: 60,
      incident: 'spec',
      reason: 'It is mended.',
      pace: { rate_per_s: rate },
      candidates: { sql: 'letter.id = any($1::uuid[])', parameters: [ids], withClosed: true },
      selection: { id_count: ids.length },
      asked: { ids },
    }),
  );
  await db.query(`update replay set tokens = 1000 where id = $1`, [replay.id]);
  return replay.id;
}

/** What the workers would report of all that is on its way. */
async function published(db: DataSource, replayId: string): Promise<ReplayedMessageHandled[]> {
  const rows: { id: string; message_id: string; queue: string }[] = await db.query(
    `select id, message_id, queue from replay_item where replay_id = $1 and state = 'published'`,
    [replayId],
  );
  return rows.map((row) => ({
    replayItemId: row.id,
    messageId: row.message_id,
    queue: row.queue,
    service: 'spec',
    outcome: 'handled' as const,
    attempt: 1,
    handledAt: new Date().toISOString(),
  }));
}
