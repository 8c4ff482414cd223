import { v7 } from 'uuid';
import { eventsOf } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';

const quick = { rate_per_s: 1000, canary: 2 };

describe('a replay', () => {
  const gateway = gatewayHarness({ broker: 'control-replay' });
  const { as, db } = gateway;
  const worker = replayHarness('control-replay', gateway);
  const { letters, start, act, until, items, stateOf, decides } = worker;

  it('pauses by itself when its canary fails again, and goes on with a small batch when resumed', async () => {
    const ids = await letters(30);
    decides(() => 'failed');
    const { id } = await start({ ids, pace: quick });

    const paused = await until(id, { state: 'paused' });
    decides(() => 'handled');
    const resumed = await act(id, 'resumptions').expect(200);
    const done = await until(id, { state: 'completed' });

    expect(paused).toMatchObject({
      stage: 'canary',
      pause: {
        code: 'too_many_failures',
        detail: expect.stringMatching(
          /^\d of the last \d outcomes failed again \(100 %\); at most 20 % are allowed\. The most frequent failure is spec\.still-broken\.$/,
        ),
      },
      waiting: null,
    });
    expect(paused.counts.published + paused.counts.failed_again).toBeLessThanOrEqual(2);
    expect(resumed.body).toMatchObject({ state: 'running', stage: 'canary', pause: null });
    expect(done.counts).toMatchObject({ succeeded: 28, failed_again: 2 });
    expect((await eventsOf(db(), `replay:${id}`)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['replay-paused', 'replay-resumed', 'replay-completed']),
    );
    const operations: { action: string; by_person: boolean }[] = await db().query(
      `select action, key_id is not null as by_person from audit_operation where target = $1 order by id`,
      [`replay:${id}`],
    );
    expect(operations).toEqual([
      { action: 'replay.start', by_person: true },
      { action: 'replay.pause', by_person: false },
      { action: 'replay.resume', by_person: true },
      { action: 'replay.end', by_person: false },
    ]);
  });

  it('pauses in the middle when later ones fail, and leaves the rest alone', async () => {
    const ids = await letters(200);
    let seen = 0;
    decides(() => ((seen += 1) > 40 ? 'failed' : 'handled'));

    const { id } = await start({ ids, pace: { ...quick, max_in_flight: 20, window: 10 } });
    const paused = await until(id, { state: 'paused', counts: { published: 0 } });

    expect(paused.pause?.code).toBe('too_many_failures');
    expect(paused.counts.succeeded).toBe(40);
    expect(paused.counts.failed_again).toBeLessThanOrEqual(40);
    expect(paused.counts.claimed).toBeGreaterThan(100);
    await act(id, 'abortions').expect(200);
    await until(id, { state: 'aborted', finished_at: expect.any(String) });
  });

  it('is paused by a person, publishes nothing meanwhile, and still hears of what is on its way', async () => {
    const ids = await letters(6);
    const earlier = worker.arrived().length;
    decides(() => 'hold');
    const { id } = await start({ ids, pace: quick });
    await until(id, { counts: { published: 2 } });

    const { body } = await act(id, 'pauses', { reason: 'Lunch first.' }).expect(200);
    const held = await worker.untilArrived(earlier, 2);
    for (const message of held) await worker.end(message, 'handled');
    const known = await until(id, { counts: { succeeded: 2, published: 0, claimed: 4 } });

    expect(body.pause).toMatchObject({ code: 'by_operator', detail: 'Lunch first.' });
    expect(known.state).toBe('paused');
    decides(() => 'handled');
    await act(id, 'resumptions').expect(200);
    await until(id, { state: 'completed', counts: { succeeded: 6 } });
  });

  it('opens what it has not published when it is aborted; what is on its way finishes', async () => {
    const ids = await letters(5);
    const earlier = worker.arrived().length;
    decides(() => 'hold');
    const { id } = await start({ ids, pace: quick });
    await until(id, { counts: { published: 2 } });

    const { body } = await act(id, 'abortions').expect(200);
    const aborted = await until(id, { counts: { skipped: 3, published: 2 } });
    const [first, second] = await worker.untilArrived(earlier, 2);
    if (first) await worker.end(first, 'handled');
    if (second) await worker.end(second, 'failed');
    const ended = await until(id, { finished_at: expect.any(String) });

    expect(body).toMatchObject({ state: 'aborted', finished_at: null });
    expect(aborted).toMatchObject({ state: 'aborted', finished_at: null });
    expect(ended).toMatchObject({
      state: 'aborted',
      percent: 100,
      counts: { succeeded: 1, failed_again: 1, skipped: 3 },
    });
    expect(await items(id, '&state=skipped')).toMatchObject(
      Array.from({ length: 3 }, () => ({ outcome: { code: 'aborted' } })),
    );
    const states = await Promise.all(ids.map(stateOf));
    expect(states.filter((state) => state === 'open')).toHaveLength(4);
    expect((await eventsOf(db(), `replay:${id}`)).at(-1)).toMatchObject({
      type: 'replay-aborted',
      ends_topic: true,
    });
  });

  it('takes another pace while it runs, and keeps what is not named', async () => {
    const ids = await letters(4);
    decides(() => 'handled');
    const { id } = await start({ ids, pace: { rate_per_s: 0.1, canary: 1, window: 7 } });
    await until(id, { counts: { succeeded: 1 } });

    const { body } = await act(id, 'paces', {
      reason: 'Faster.',
      pace: { rate_per_s: 500 },
    }).expect(200);

    expect(body.pace).toMatchObject({ rate_per_s: 500, canary: 1, window: 7 });
    await until(id, { state: 'completed', counts: { succeeded: 4 } });
  });

  it('says what its state does not allow', async () => {
    decides(() => 'handled');
    const { id } = await start({ ids: await letters(1) });
    await until(id, { state: 'completed' });

    const answers = await Promise.all([
      act(id, 'pauses'),
      act(id, 'resumptions'),
      act(id, 'abortions'),
      act(id, 'paces', { reason: 'Faster.', pace: {} }),
      act(id, 'pauses', {}),
      act(v7(), 'pauses'),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'invalid_state'],
      [409, 'invalid_state'],
      [409, 'invalid_state'],
      [409, 'invalid_state'],
      [422, 'validation_failed'],
      [404, 'not_found'],
    ]);
    expect(answers[0].body.detail).toBe(
      'This replay is completed; only a running one can be paused.',
    );
  });

  it('is followed by another of those that failed again, or by an end to them', async () => {
    const ids = await letters(3);
    decides(() => 'failed');
    const { id } = await start({ ids, pace: { canary: 3 } });
    await until(id, { state: 'completed', counts: { failed_again: 3 } });
    const [first = ''] = ids;
    await as().post(`/v1/dead-letters/${first}/discards`).send({ reason: 'Not this one.' });

    const again = await act(id, 'follow-ups', { action: 'replay', reason: 'Once more.' }).expect(
      202,
    );
    await until(again.body.id, { state: 'completed', counts: { total: 2, failed_again: 2 } });
    const ended = await act(id, 'follow-ups', { action: 'discard', reason: 'Enough.' }).expect(200);
    const nothing = await act(id, 'follow-ups', { action: 'discard', reason: 'Enough.' });

    expect(again.body).toMatchObject({ incident: 'spec', selection: { follow_up_of: id } });
    expect(ended.body).toMatchObject({ action: 'discard', count: 2 });
    expect([nothing.status, nothing.body.code]).toEqual([409, 'nothing_matches']);
    expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => 'discarded'));
  });
});
