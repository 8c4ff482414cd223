import type { AuditOperation, ReplayPreview, ReplayResource } from '@offload/contracts/http';
import { v7 } from 'uuid';
import { eventsOf } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';

describe('a replay', () => {
  const gateway = gatewayHarness({ broker: 'replays' });
  const { as, aKey, db } = gateway;
  const worker = replayHarness('replays', gateway);
  const { queue, letters, start, until, items, stateOf, arrived, decides } = worker;

  it('puts the canary back, awaits the outcome of each, and then the rest in growing batches', async () => {
    const ids = await letters(12);
    const earlier = arrived().length;
    decides(() => 'hold');

    const { id } = await start({ ids, pace: { canary: 3, rate_per_s: 1000 } });
    const waiting = await until(id, {
      stage: 'canary',
      counts: { published: 3, claimed: 9 },
      waiting: 'The outcomes of the canary are awaited: 0 of 3 are known.',
    });
    const [last, ...others] = await worker.untilArrived(earlier, 3);
    for (const message of others) await worker.end(message, 'handled');
    await until(id, { counts: { succeeded: 2, published: 1, claimed: 9 } });
    decides(() => 'handled');
    if (last) await worker.end(last, 'handled');
    const done = await until(id, { state: 'completed' });

    expect(waiting.percent).toBe(0);
    expect(done).toMatchObject({
      percent: 100,
      counts: { total: 12, succeeded: 12, claimed: 0, published: 0, failed_again: 0 },
      waiting: null,
      finished_at: expect.any(String),
    });
    expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => 'resolved'));
    expect(arrived()).toHaveLength(earlier + 12);
  });

  it('keeps the id of a message, counts that it was put back, and calls it a first try', async () => {
    const messageId = v7();
    await letters(1, {
      messageId,
      headers: { 'x-attempt': 8, 'x-failed-queue': 'old', keep: 'me' },
    });

    const { id } = await start({ filter: { queue, text: messageId } });
    await until(id, { state: 'completed' });

    const message = arrived().find(({ properties }) => properties.messageId === messageId);
    expect(message?.properties.headers).toMatchObject({
      'x-attempt': 1,
      'x-replays': 1,
      'x-replay-item': expect.any(String),
      keep: 'me',
    });
    expect(message?.properties.headers).not.toHaveProperty('x-failed-queue');
  });

  it('knows of every message how it ended, and opens those again that fail again', async () => {
    const [good = '', bad = ''] = await letters(2);
    decides((message) => (message.properties.headers?.['x-bad'] ? 'failed' : 'handled'));
    await db().query(`update dead_letter set headers = headers || '{"x-bad":1}' where id = $1`, [
      bad,
    ]);

    const { id } = await start({ ids: [good, bad] });
    const done = await until(id, { state: 'completed' });

    expect(done.counts).toMatchObject({ succeeded: 1, failed_again: 1 });
    expect(await items(id, '&state=failed_again')).toMatchObject([
      {
        dead_letter_id: bad,
        failed_as: bad,
        outcome: { code: 'spec.still-broken', detail: 'It is still broken.' },
        settled_at: expect.any(String),
      },
    ]);
    expect(await items(id, '&state=succeeded')).toMatchObject([
      { dead_letter_id: good, failed_as: null, outcome: { code: 'handled' } },
    ]);
    expect([await stateOf(good), await stateOf(bad)]).toEqual(['resolved', 'open']);
    const { body: letter } = await as().get(`/v1/dead-letters/${bad}`).expect(200);
    expect(letter).toMatchObject({ failures: 2, replays: 1, last_action: { operation_id: id } });
  });

  it('says so when a message had been handled before', async () => {
    const [letter = ''] = await letters(1);
    decides(() => 'duplicate');

    const { id } = await start({ ids: [letter] });
    await until(id, { state: 'completed', counts: { succeeded: 1 } });

    expect(await items(id)).toMatchObject([
      {
        state: 'succeeded',
        outcome: {
          code: 'already_handled',
          detail: 'It had been handled before; nothing happened.',
        },
      },
    ]);
    expect(await stateOf(letter)).toBe('resolved');
  });

  it('answers for every id that it was given, and tells which it leaves alone and why', async () => {
    const [open = '', discarded = '', old = ''] = await letters(3);
    const missing = v7();
    await as()
      .post(`/v1/dead-letters/${discarded}/discards`)
      .send({ reason: 'A test.' })
      .expect(200);
    await db().query(
      `update dead_letter set first_failed_at = now() - interval '61 days' where id = $1`,
      [old],
    );
    decides(() => 'handled');

    const { id } = await start({ ids: [open, discarded, old, missing] });
    const done = await until(id, { state: 'completed' });

    expect(done.counts).toMatchObject({ total: 4, succeeded: 1, skipped: 3 });
    const skipped = await items(id, '&state=skipped');
    expect(
      Object.fromEntries(skipped.map((item) => [item.dead_letter_id, item.outcome?.code])),
    ).toEqual({ [discarded]: 'not_open', [old]: 'older_than_inbox', [missing]: 'not_found' });
    expect(await stateOf(old)).toBe('open');
  });

  it('takes every message once when two operators replay the same ones at once', async () => {
    const ids = await letters(40);
    const earlier = arrived().length;
    decides(() => 'handled');

    const answers = await Promise.all(
      [ids, ids.toReversed()].map((mine) =>
        as().post('/v1/replays').send({ ids: mine, incident: 'both', reason: 'Me first.' }),
      ),
    );
    const won = answers.find(({ status }) => status === 202)?.body as ReplayResource;
    await until(won.id, { state: 'completed', counts: { succeeded: 40 } });

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'nothing_matches',
      detail: expect.stringContaining('Another replay has it.'),
    });
    const ours = worker.idsArrived().slice(earlier);
    expect([ours.length, new Set(ours).size]).toEqual([40, 40]);
  });

  it('is begun once under one Idempotency-Key', async () => {
    const ids = await letters(1);
    const send = () =>
      as()
        .post('/v1/replays')
        .set('Idempotency-Key', `spec-${ids[0]}`)
        .send({ ids, incident: 'spec', reason: 'It is mended.' });

    const first = await send().expect(202);
    const again = await send().expect(202);

    expect(again.text).toBe(first.text);
    expect(first.headers['location']).toBe(`/v1/replays/${first.body.id}`);
    expect(first.headers['link']).toBe(
      `</v1/events?topics=replay:${first.body.id}>; rel="monitor"`,
    );
  });

  it('is refused without a selection, for more than expected, and for nothing', async () => {
    await letters(2, { failure: { code: 'spec.two' } });

    const empty = await send({ filter: {} });
    const none = await send({ filter: { code: 'spec.none' } });
    const more = await send({ filter: { code: 'spec.two' }, expected_count: 1 });
    const pace = await send({ filter: { code: 'spec.two' }, pace: { rate_per_s: 0 } });

    expect([empty, none, more, pace].map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'empty_filter'],
      [409, 'nothing_matches'],
      [409, 'invalid_state'],
      [422, 'validation_failed'],
    ]);
  });

  it('says before it begins what it would do, and does nothing', async () => {
    const ids = await letters(3, { failure: { code: 'spec.dry' } });
    await letters(1, { failure: { code: 'spec.dry' }, properties: { type: 'gone.away.v1' } });
    await db().query(
      `update dead_letter set first_failed_at = now() - interval '61 days' where id = $1`,
      [ids[0]],
    );
    const request = {
      filter: { queue, code: 'spec.dry' },
      incident: 'spec',
      reason: 'Only to see.',
    };

    const { body } = await as()
      .post('/v1/replays')
      .send({ ...request, pace: { canary: 2 }, dry_run: true })
      .expect(200);

    const preview = body as ReplayPreview;
    expect(preview).toMatchObject({
      object: 'replay_preview',
      count: 3,
      skipped: [{ code: 'older_than_inbox', count: 1 }],
      pace: { canary: 2, rate_per_s: 100 },
    });
    expect(preview.groups.map(({ queue: at, count }) => [at, count])).toEqual([
      [queue, 2],
      [queue, 1],
    ]);
    expect(preview.warnings.map(({ code }) => code)).toContain('unknown_message_type');
    expect(await stateOf(ids[1] ?? '')).toBe('open');
    const [row] = await db().query(
      `select count(*)::int from replay where reason = 'Only to see.'`,
    );
    expect(row).toEqual({ count: 0 });
  });

  it('spreads its canary over the groups, and goes by age after it', async () => {
    const [a1 = '', a2 = '', a3 = ''] = [
      ...(await letters(1, { failure: { code: 'spec.a', firstFailedAt: minuteOf(1) } })),
      ...(await letters(1, { failure: { code: 'spec.a', firstFailedAt: minuteOf(2) } })),
      ...(await letters(1, { failure: { code: 'spec.a', firstFailedAt: minuteOf(3) } })),
    ];
    const [b1 = ''] = await letters(1, { failure: { code: 'spec.b', firstFailedAt: minuteOf(4) } });
    decides(() => 'handled');

    const { id } = await start({ ids: [a1, a2, a3, b1], pace: { canary: 2 } });
    await until(id, { state: 'completed' });

    const order = (await items(id)).map((item) => item.dead_letter_id);
    expect(order).toEqual([a1, b1, a2, a3]);
  });

  it('is told to those who follow it, and ends its topic', async () => {
    const ids = await letters(3);
    decides(() => 'handled');

    const { id } = await start({ ids });
    await until(id, { state: 'completed' });
    const told = await eventsOf(db(), `replay:${id}`);

    expect(told.at(-1)).toMatchObject({
      type: 'replay-completed',
      ends_topic: true,
      data: { id, state: 'completed', percent: 100, counts: { succeeded: 3 } },
    });
    expect(told.slice(0, -1).every(({ type }) => type === 'replay-progressed')).toBe(true);
    const stream = await as().get(`/v1/events?topics=replay:${id}`).expect(200);
    expect(stream.text).toContain('event: snapshot');
    expect(stream.text).toContain('"incident":"spec"');
  });

  it('stands in the audit with who, why, how many and each message', async () => {
    const ids = await letters(2);
    decides(() => 'handled');

    const { id } = await start({ ids, incident: 'The great outage' });
    await until(id, { state: 'completed' });

    const { body } = await as().get(`/v1/audit/operations/${id}`).expect(200);
    expect(body as AuditOperation).toMatchObject({
      action: 'replay.start',
      incident: 'The great outage',
      reason: 'It is mended.',
      count: 2,
      selection: { ids },
    });
    const touched: unknown[] = await db().query(
      `select dead_letter_id from audit_message where operation_id = $1 and action = 'replay.publish'`,
      [id],
    );
    expect(touched).toHaveLength(2);
  });

  const send = (more: object) =>
    as()
      .post('/v1/replays')
      .send({ incident: 'spec', reason: 'It is mended.', ...more });

  it('is for operators only', async () => {
    const user = await aKey({ scopes: ['imports:read', 'emails:read'] });
    const reader = await aKey({ scopes: ['operations:read'] });
    const body = { ids: [v7()], incident: 'spec', reason: 'It is mended.' };

    const answers = [
      await as(user).get('/v1/replays'),
      await as(user).get(`/v1/replays/${v7()}`),
      await as(reader).post('/v1/replays').send(body),
      await as(reader).get('/v1/replays'),
      await as(reader).get(`/v1/replays/${v7()}`),
      await as(user).get(`/v1/events?topics=replay:${v7()}`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 200, 404, 403]);
  });
});

/** Of the hour that ends now. */
function minuteOf(minute: number): Date {
  return new Date(Date.now() - 3_600_000 + minute * 60_000);
}
