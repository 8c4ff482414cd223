import { StartImport } from '@offload/contracts';
import { arrival, eventually } from '@offload/testing';
import { v7 } from 'uuid';
import { aStoredImport } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { replayHarness } from '../../../test/replay-harness.js';
import { Import } from '../../imports/import.entity.js';

/** Of what a replay had given up waiting for. */
describe('a message of which nothing was heard in time', () => {
  const gateway = gatewayHarness({ broker: 'late-outcomes' });
  const { as, db } = gateway;
  const worker = replayHarness('late-outcomes', gateway);
  const { queue, letters, start, until, stateOf, decides } = worker;

  const edit = (id: string, body: unknown) =>
    as()
      .post(`/v1/dead-letters/${id}/edits`)
      .send({ incident: 'spec', reason: 'It was misspelt.', body });

  const bodyOf = async (id: string): Promise<Record<string, unknown>> => {
    const { body } = await as().get(`/v1/dead-letters/${id}`).expect(200);
    return body.body as Record<string, unknown>;
  };

  /** Until the replay has given up waiting. */
  const expire = async (replayId: string): Promise<void> => {
    await until(replayId, { counts: { published: 1 } });
    await db().query(
      `update replay_item set published_at = now() - interval '1 day' where replay_id = $1`,
      [replayId],
    );
    await until(replayId, { state: 'completed', counts: { expired: 1 } });
  };

  const untilOpenOf = (importId: string, open: number): Promise<void> =>
    eventually(async () => {
      const run = await db().manager.findOneByOrFail(Import, { id: importId });
      expect(run.openDeadLetters).toBe(open);
    });

  /** A dead letter about an import, whose replay has given up waiting; the message is still held. */
  const aLateStart = async (importId: string): Promise<string> => {
    const message = arrival(startImport(importId), queue);
    const [id = ''] = await letters(1, {
      subject: `import:${importId}`,
      properties: message.properties,
      headers: message.headers,
      body: message.body,
    });
    return id;
  };

  it('is not done a second time as an edited copy, and may be replayed as it is', async () => {
    const [id = ''] = await letters(1);
    decides(() => 'hold');
    const { id: lost } = await start({ ids: [id] });
    await expire(lost);

    const copy = await edit(id, { ...(await bodyOf(id)), response: '250 Another' });
    decides(() => 'handled');
    const { id: again } = await start({ ids: [id] });
    await until(again, { state: 'completed', counts: { succeeded: 1 } });

    expect([copy.status, copy.body.code]).toEqual([409, 'invalid_state']);
    expect(copy.body.detail).toBe(
      'It was put back and nothing was heard of it in time; both might be done. Replay it as it is, or discard it.',
    );
    expect(await stateOf(id)).toBe('resolved');
  });

  it('is not edited again in the row of the copy that failed, while that copy may be on its way', async () => {
    const [id = ''] = await letters(1);
    const body = { ...(await bodyOf(id)), response: '250 Lost' };
    decides(() => 'hold');
    const { body: lost } = await edit(id, body).expect(202);
    await expire(lost.id);
    decides(() => 'failed');
    const { body: same } = await edit(id, body).expect(202);
    await until(same.id, { state: 'completed', counts: { failed_again: 1 } });
    const [copy]: { id: string }[] = await db().query(
      'select id from dead_letter where edit_of = $1',
      [id],
    );

    const other = await edit(copy?.id ?? '', { ...body, response: '250 Another' });

    expect(other.status).toBe(409);
    expect(other.body.detail).toContain('It was put back and nothing was heard of it in time');
  });

  it('tells the import it is about when it is handled after all', async () => {
    const { id: importId } = await aStoredImport(db());
    const letter = await aLateStart(importId);
    decides(() => 'hold');
    const { id } = await start({ ids: [letter] });
    await untilOpenOf(importId, 0);
    const message = await worker.messageOf(letter);
    await expire(id);
    await untilOpenOf(importId, 1);

    await worker.end(message, 'handled');
    await until(id, { counts: { succeeded: 1 } });

    await untilOpenOf(importId, 0);
    expect(await stateOf(letter)).toBe('resolved');
  });

  it('tells both imports when it is an edited copy about another one that fails after all', async () => {
    const [{ id: first }, { id: second }] = [await aStoredImport(db()), await aStoredImport(db())];
    const letter = await aLateStart(first);
    const earlier = worker.arrived().length;
    decides(() => 'hold');
    const { body: replay } = await edit(letter, startImport(second).payload).expect(202);
    const [copy] = await worker.untilArrived(earlier, 1);
    await expire(replay.id);
    await untilOpenOf(first, 1);

    if (copy) await worker.end(copy, 'failed');
    await until(replay.id, { counts: { failed_again: 1 } });

    await untilOpenOf(first, 0);
    await untilOpenOf(second, 1);
    expect(await stateOf(letter)).toBe('resolved');
  });
});

const startImport = (importId: string) =>
  StartImport({
    importId,
    file: { key: `${v7()}/${v7()}`, name: 'people.csv', size: 1, sha256: '0'.repeat(64) },
    dataset: { name: 'people' },
  });
