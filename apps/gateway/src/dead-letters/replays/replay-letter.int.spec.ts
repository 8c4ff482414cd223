import type { ReplayResource } from '@offload/contracts/http';
import { v7 } from 'uuid';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';

describe('the replay of one dead letter', () => {
  const gateway = gatewayHarness({ broker: 'replay-letter' });
  const { as, db } = gateway;
  const worker = replayHarness('replay-letter', gateway);
  const { queue, letters, until, items, stateOf, decides, start } = worker;

  const replay = (id: string) =>
    as().post(`/v1/dead-letters/${id}/replays`).send({ reason: 'It is mended.' });

  const edit = (id: string, body: unknown, more: object = {}) =>
    as()
      .post(`/v1/dead-letters/${id}/edits`)
      .send({ incident: 'Wrong address', reason: 'It was misspelt.', body, ...more });

  const bodyOf = async (id: string): Promise<Record<string, unknown>> => {
    const { body } = await as().get(`/v1/dead-letters/${id}`).expect(200);
    return body.body as Record<string, unknown>;
  };

  const expire = async (replayId: string): Promise<void> => {
    await db().query(
      `update replay_item set published_at = now() - interval '1 day' where replay_id = $1`,
      [replayId],
    );
  };

  it('is a replay like any other, and complete with its outcome', async () => {
    const [id = ''] = await letters(1);
    decides(() => 'handled');

    const { body, headers } = await replay(id).expect(202);

    expect(headers['location']).toBe(`/v1/replays/${body.id}`);
    expect(body).toMatchObject({
      object: 'replay',
      incident: `dead letter ${id}`,
    });
    await until(body.id, { state: 'completed', counts: { total: 1, succeeded: 1 } });
    const { body: letter } = await as().get(`/v1/dead-letters/${id}`).expect(200);
    expect(letter).toMatchObject({
      state: 'resolved',
      replays: 1,
      last_action: { kind: 'replay', operation_id: body.id, reason: 'It is mended.' },
    });
  });

  it('is refused in words when it is not open, and for what is not there', async () => {
    const [id = ''] = await letters(1);
    decides(() => 'hold');
    const { body: first } = await replay(id).expect(202);

    const second = await replay(id);
    const none = await replay(v7());

    expect([second.status, second.body.code]).toEqual([409, 'invalid_state']);
    expect(second.body.detail).toBe('This dead letter cannot be replayed: Another replay has it.');
    expect(none.status).toBe(404);
    await as().post(`/v1/replays/${first.id}/abortions`).send({ reason: 'Done here.' });
  });

  it('gives a message without an id one, by which its row is known when it fails again', async () => {
    const [id = ''] = await letters(1, { messageId: 'not-a-uuid' });
    decides(() => 'failed');

    const { body } = await replay(id).expect(202);
    await until(body.id, { state: 'completed', counts: { failed_again: 1 } });

    const { body: letter } = await as().get(`/v1/dead-letters/${id}`).expect(200);
    expect(letter).toMatchObject({ state: 'open', failures: 2 });
    expect(letter.message_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('opens a message of which nothing is heard in time, and takes a late outcome all the same', async () => {
    const [id = ''] = await letters(1);
    decides(() => 'hold');
    const { body } = await replay(id).expect(202);
    const message = await worker.messageOf(id);

    await expire(body.id);
    const expired = await until(body.id, { state: 'completed', counts: { expired: 1 } });
    const stateThen = await stateOf(id);
    await worker.end(message, 'handled');
    const late = await until(body.id, { counts: { expired: 0, succeeded: 1 } });

    expect(expired.percent).toBe(100);
    expect(stateThen).toBe('open');
    expect(late.finished_at).toBe(expired.finished_at);
    expect(await stateOf(id)).toBe('resolved');
  });

  it('resolves nothing for a report that names an item of another message', async () => {
    const [mine = '', other = ''] = await letters(2);
    decides(() => 'hold');
    const { body } = await replay(mine).expect(202);
    const forged = await worker.messageOf(mine);
    const [item] = await items(body.id);
    const { body: letter } = await as().get(`/v1/dead-letters/${other}`);

    await worker.end(
      { ...forged, properties: { ...forged.properties, messageId: letter.message_id } },
      'handled',
    );
    await worker.end(
      { ...forged, properties: { ...forged.properties, messageId: v7() } },
      'failed',
    );
    await worker.end(forged, 'handled');
    await until(body.id, { state: 'completed', counts: { succeeded: 1 } });

    expect(item?.dead_letter_id).toBe(mine);
    expect([await stateOf(mine), await stateOf(other)]).toEqual(['resolved', 'open']);
  });

  describe('as an edited copy', () => {
    it('has an id of its own, says whose copy it is, and resolves the original when it is handled', async () => {
      const [id = ''] = await letters(1);
      const body = { ...(await bodyOf(id)), response: '250 Better' };
      decides(() => 'handled');

      const preview = await edit(id, body, { dry_run: true }).expect(200);
      const started = await edit(id, body).expect(202);
      await until(started.body.id, { state: 'completed', edited: true });

      const { body: letter } = await as().get(`/v1/dead-letters/${id}`);
      const copy = worker.arrived().at(-1);
      expect(preview.body).toEqual({
        object: 'edit_preview',
        message_type: 'notifier.email-sent.v1',
        diff: [{ op: 'replace', path: '/response', value: '250 Better' }],
      });
      expect(letter).toMatchObject({
        state: 'resolved',
        last_action: { kind: 'edit', operation_id: started.body.id },
      });
      expect(copy?.properties.messageId).not.toBe(letter.message_id);
      expect(copy?.properties.headers).toMatchObject({
        'x-edit-of': letter.message_id,
        'ce-subject': expect.stringMatching(/^email:/),
      });
      expect(JSON.parse(copy?.content.toString() ?? '')).toEqual(body);
      const [audit]: { action: string; details: { diff: unknown[] } }[] = await db().query(
        'select action, details from audit_operation where id = $1',
        [started.body.id],
      );
      expect(audit).toMatchObject({
        action: 'dead_letter.edit',
        details: { diff: preview.body.diff },
      });
    });

    it('is refused with every wrong field, and when nothing is different', async () => {
      const [id = ''] = await letters(1);
      const body = await bodyOf(id);

      const unfit = await edit(id, { ...body, attempt: 0, sentAt: 'yesterday' });
      const same = await edit(id, body);

      expect([unfit.status, unfit.body.code]).toEqual([422, 'invalid_message']);
      expect(unfit.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
        '/body/attempt',
        '/body/sentAt',
      ]);
      expect([same.status, same.body.code]).toEqual([422, 'invalid_message']);
    });

    it('takes the place of the original when it fails itself', async () => {
      const [id = ''] = await letters(1);
      const body = { ...(await bodyOf(id)), response: '250 Worse' };
      decides(() => 'failed');

      const started = await edit(id, body).expect(202);
      await until(started.body.id, { state: 'completed', counts: { failed_again: 1 } });

      const [copy]: { id: string; state: string }[] = await db().query(
        'select id, state from dead_letter where edit_of = $1',
        [id],
      );
      expect(await stateOf(id)).toBe('resolved');
      expect(copy?.state).toBe('open');
      decides(() => 'handled');
      const again = await as()
        .post(`/v1/replays/${started.body.id}/follow-ups`)
        .send({ action: 'replay', reason: 'Once more.' })
        .expect(202);
      await until((again.body as ReplayResource).id, {
        state: 'completed',
        counts: { succeeded: 1 },
      });
      expect(await stateOf(copy?.id ?? '')).toBe('resolved');
    });

    it('keeps the original from being replayed beside it when nothing is heard of it', async () => {
      const [id = ''] = await letters(1);
      const body = { ...(await bodyOf(id)), response: '250 Lost' };
      decides(() => 'hold');
      const { body: lost } = await edit(id, body).expect(202);
      await until(lost.id, { counts: { published: 1 } });
      await expire(lost.id);
      await until(lost.id, { state: 'completed', counts: { expired: 1 } });

      const blind = await replay(id);
      const otherCopy = await edit(id, { ...body, response: '250 Another' });
      decides(() => 'handled');
      const { body: same } = await edit(id, body).expect(202);
      await until(same.id, { state: 'completed', counts: { succeeded: 1 } });

      expect([blind.status, otherCopy.status]).toEqual([409, 409]);
      expect(blind.body.detail).toContain('An edited copy of it was put back');
      const [first, second] = [await items(lost.id), await items(same.id)];
      expect(second[0]?.message_id).toBe(first[0]?.message_id);
      expect(await stateOf(id)).toBe('resolved');
    });
  });

  it('goes to its exchange when no queue had wanted it', async () => {
    const [id = ''] = await letters(1, {
      queue: undefined,
      address: { exchange: '', routingKey: queue },
    });
    decides(() => 'failed');

    const { id: replayId } = await start({ ids: [id] });
    await until(replayId, { state: 'completed', counts: { failed_again: 1 } });

    // It has reached a queue, and failed there: that is another dead letter.
    expect(await stateOf(id)).toBe('resolved');
    const [item] = await items(replayId);
    expect(item).toMatchObject({ queue: null, state: 'failed_again' });
    decides(() => 'handled');
    const { body: again } = await as()
      .post(`/v1/replays/${replayId}/follow-ups`)
      .send({ action: 'replay', reason: 'Once more.' })
      .expect(202);
    await until(again.id, { state: 'completed', counts: { total: 1, succeeded: 1 } });
    expect(item?.failed_as).not.toBe(id);
    expect(await stateOf(item?.failed_as ?? '')).toBe('resolved');
  });
});
