import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { aStoredImport } from '../../test/builders.js';
import { aStoredDeadLetter, type DeadLetterFields } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { subjectListeners } from '../app.module.js';
import { Import } from '../imports/import.entity.js';
import { ActOnLetters } from './act-on-letters.js';

const reason = 'The customer knows.';

describe(ActOnLetters, () => {
  const { as, aKey, db } = gatewayHarness();

  it('discards one and restores it, and shows both with who did it', async () => {
    const id = await stored();

    const { body: discarded } = await act('discards', id).expect(200);
    const { body: restored } = await act('restorations', id).expect(200);

    expect(discarded).toMatchObject({
      id,
      state: 'discarded',
      last_action: { kind: 'discard', reason },
      history: [{ action: 'dead_letter.discard', reason, outcome: null }],
    });
    expect(restored).toMatchObject({
      state: 'open',
      last_action: { kind: 'restore' },
      history: [{ action: 'dead_letter.restore' }, { action: 'dead_letter.discard' }],
    });
    expect(restored.last_action.operation_id).toBe(restored.history[0].operation_id);
    expect(await closedAt(id)).toBeNull();
  });

  it.each([
    ['open', 'restorations'],
    ['discarded', 'discards'],
    ['replaying', 'discards'],
    ['resolved', 'discards'],
    ['resolved', 'restorations'],
  ])('leaves one that is %s alone when asked for %s', async (state, what) => {
    const id = await stored();
    await db().query('update dead_letter set state = $2 where id = $1', [id, state]);

    const { body } = await act(what, id).expect(409);

    expect(body).toMatchObject({ code: 'invalid_state', detail: expect.stringContaining(state) });
    expect(body.help).toEqual(expect.any(String));
  });

  it('needs a reason, and something to act on', async () => {
    const id = await stored();

    const answers = [
      await as().post(`/v1/dead-letters/${id}/discards`),
      await as().post(`/v1/dead-letters/${id}/discards`).send({ reason: ' a ' }),
      await act('discards', v7()),
    ];

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 404]);
  });

  it('discards all that a filter leaves, notes each in the audit and answers how many', async () => {
    const queue = randomUUID();
    const ids = [await stored({ queue }), await stored({ queue }), await stored({ queue })];
    await act('discards', ids[0]).expect(200);
    const other = await stored();

    const { body } = await many('discards', { filter: { queue }, expected_count: 2 }).expect(200);

    expect(body).toMatchObject({
      object: 'bulk_action',
      action: 'discard',
      dry_run: false,
      count: 2,
    });
    expect(await statesOf([...ids, other])).toEqual([
      'discarded',
      'discarded',
      'discarded',
      'open',
    ]);
    const { body: operation } = await as()
      .get(`/v1/audit/operations/${body.operation_id}`)
      .expect(200);
    const { body: touched } = await as()
      .get(`/v1/audit/operations/${body.operation_id}/messages`)
      .expect(200);
    expect(operation).toMatchObject({
      action: 'dead_letter.discard',
      reason,
      count: 2,
      selection: { filter: { queue } },
    });
    expect(idsIn(touched)).toEqual(ids.slice(1));
  });

  it('restores many by their ids, those that are discarded', async () => {
    const ids = [await stored(), await stored()];
    await act('discards', ids[0]).expect(200);

    const { body } = await many('restorations', { ids: [...ids, v7()] }).expect(200);

    expect(body).toMatchObject({ action: 'restore', count: 1 });
    expect(await statesOf(ids)).toEqual(['open', 'open']);
  });

  it.each([{}, { filter: {} }])('does not take %j for everything', async (selection) => {
    const { body } = await many('discards', selection).expect(422);

    expect(body).toMatchObject({ code: 'empty_filter', help: expect.stringContaining('filter') });
  });

  it('does nothing when more match than the person was shown', async () => {
    const queue = randomUUID();
    const ids = [await stored({ queue }), await stored({ queue }), await stored({ queue })];

    for (const dry of [true, false]) {
      const request = { filter: { queue }, expected_count: 1, dry_run: dry };
      const { body } = await many('discards', request).expect(409);
      expect(body).toMatchObject({ code: 'invalid_state', detail: expect.stringMatching(/^3 /) });
    }

    expect(await statesOf(ids)).toEqual(['open', 'open', 'open']);
  });

  it('only counts in a dry run', async () => {
    const queue = randomUUID();
    const ids = [await stored({ queue })];

    const { body } = await many('discards', { filter: { queue }, dry_run: true }).expect(200);

    expect(body).toMatchObject({ operation_id: null, dry_run: true, count: 1 });
    expect(await statesOf(ids)).toEqual(['open']);
  });

  it('does it once under one Idempotency-Key', async () => {
    const queue = randomUUID();
    await stored({ queue });
    const discard = () => many('discards', { filter: { queue } }).set('Idempotency-Key', queue);

    const first = await discard().expect(200);
    await stored({ queue });
    const again = await discard().expect(200);

    expect(again.text).toBe(first.text);
    expect(first.body).toMatchObject({ count: 1 });
  });

  it('discards each once when several people do it at the same time', async () => {
    const queue = randomUUID();
    const ids = await Promise.all(Array.from({ length: 30 }, () => stored({ queue })));

    const answers = await Promise.all([
      many('discards', { filter: { queue } }),
      many('discards', { ids: ids.toReversed() }),
      many('discards', { filter: { queue, service: 'ingest' } }),
      ...ids.slice(0, 5).map((id) => act('discards', id)),
    ]);

    const counts = answers.slice(0, 3).map(({ body }) => (body as { count: number }).count);
    const singles = answers.slice(3).filter(({ status }) => status === 200).length;
    expect(counts.reduce((sum, count) => sum + count, singles)).toBe(30);
    const touched: unknown[] = await db().query(
      'select dead_letter_id from audit_message where dead_letter_id = any($1::uuid[])',
      [ids],
    );
    expect(touched).toHaveLength(30);
  });

  it('tells an import once that nothing of it is open any more, and that something is again', async () => {
    const run = await aStoredImport(db());
    const subject = `import:${run.id}`;
    const ids = [await storedAbout(subject), await storedAbout(subject)];
    expect(await openOf(run.id)).toBe(2);

    await many('discards', { ids }).expect(200);
    expect(await openOf(run.id)).toBe(0);

    await many('restorations', { ids: ids.slice(0, 1) }).expect(200);
    expect(await openOf(run.id)).toBe(1);
  });

  it('is for those who may write', async () => {
    const reader = await aKey({ scopes: ['operations:read'] });
    const writer = await aKey({ scopes: ['operations:write'] });
    const request = { ids: [v7()], reason };

    const refused = await as(reader).post('/v1/dead-letters/discards').send(request);
    const answered = await as(writer).post('/v1/dead-letters/discards').send(request);

    expect([refused.status, answered.status]).toEqual([403, 200]);
  });

  const stored = (fields: DeadLetterFields = {}): Promise<string> =>
    aStoredDeadLetter(db(), fields);

  const storedAbout = (subject: string): Promise<string> =>
    aStoredDeadLetter(db(), { subject }, subjectListeners);

  const act = (what: string, id = '') =>
    as().post(`/v1/dead-letters/${id}/${what}`).send({ reason });

  const many = (what: string, selection: object) =>
    as()
      .post(`/v1/dead-letters/${what}`)
      .send({ ...selection, reason });

  const statesOf = async (ids: readonly string[]): Promise<string[]> => {
    const rows: { state: string }[] = await db().query(
      'select state from dead_letter where id = any($1::uuid[]) order by id',
      [ids],
    );
    return rows.map(({ state }) => state);
  };

  const closedAt = async (id: string): Promise<unknown> => {
    const [row]: { closed_at: unknown }[] = await db().query(
      'select closed_at from dead_letter where id = $1',
      [id],
    );
    return row?.closed_at;
  };

  const openOf = async (id: string): Promise<number> =>
    (await db().manager.findOneByOrFail(Import, { id })).openDeadLetters;
});

function idsIn({ data }: { data: { dead_letter_id: string }[] }): string[] {
  return data.map(({ dead_letter_id: id }) => id);
}
