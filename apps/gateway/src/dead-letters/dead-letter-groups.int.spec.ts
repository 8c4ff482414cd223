import { randomUUID } from 'node:crypto';
import type { DeadLetterGroup } from '@offload/contracts/http';
import { v7 } from 'uuid';
import { aStoredDeadLetter } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { fingerprintVersion } from './fingerprint.js';
import { regroupLetters } from './regroup-letters.js';

describe('groups of dead letters', () => {
  const { as, aKey, db } = gatewayHarness();

  it('are counted over the open ones, the largest first', async () => {
    const tenantId = v7();
    const queues = [`a-${tenantId}`, `b-${tenantId}`];
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const [index, minutes] of [60, 30, 0].entries()) {
      await stored({
        tenantId,
        queue: queues[index % 2],
        failure: {
          message: `Row ${index} is gone.`,
          firstFailedAt: new Date(Date.now() - 7_200_000),
          failedAt: new Date(Date.now() - minutes * 60_000),
        },
      });
    }
    await stored({ tenantId, failure: { message: 'Other.', failedAt: hourAgo } });
    const closed = await stored({ tenantId, failure: { message: 'Closed.' } });
    await db().query(`update dead_letter set state = 'discarded' where id = $1`, [closed]);

    const { body } = await as().get(`/v1/dead-letter-groups?tenant=${tenantId}`).expect(200);
    const { body: one } = await as()
      .get(`/v1/dead-letter-groups?tenant=${tenantId}&limit=1&text=is%20gone`)
      .expect(200);
    const { body: discarded } = await as()
      .get(`/v1/dead-letter-groups?tenant=${tenantId}&state=discarded`)
      .expect(200);

    expect(body).toMatchObject({ object: 'list', total: 4 });
    const [first, second] = body.data as DeadLetterGroup[];
    expect(first).toMatchObject({
      object: 'dead_letter_group',
      kind: 'failure',
      title: 'TypeError: Row <n> is gone.',
      count: 3,
      example: 'Row 2 is gone.',
      fingerprint_version: fingerprintVersion,
      notes: 0,
    });
    expect(first?.queues.toSorted()).toEqual(queues);
    expect(first?.sparkline.bucket_s).toBe(150 + 1);
    expect(first?.sparkline.counts).toHaveLength(24);
    expect(first?.sparkline.counts[0]).toBe(1);
    expect(first?.sparkline.counts.slice(11, 13)).toContain(1);
    expect(first?.sparkline.counts[23]).toBe(1);
    expect(Date.parse(first?.last_failed_at ?? '')).toBeGreaterThan(hourAgo.getTime());
    expect(second).toMatchObject({ title: 'TypeError: Other.', count: 1 });
    expect(one).toMatchObject({ total: 3, data: [{ id: first?.id }] });
    expect(discarded).toMatchObject({ total: 1, data: [{ title: 'TypeError: Closed.' }] });
  });

  it('are none when nothing matches', async () => {
    const { body } = await as().get(`/v1/dead-letter-groups?queue=${randomUUID()}`).expect(200);

    expect(body).toEqual({ object: 'list', data: [], total: 0 });
  });

  it('stay readable, with their notes, when their dead letters are gone', async () => {
    const { id, group } = await grouped(`Only here ${letters()}.`);
    const key = await aKey({ scopes: ['operations:write', 'operations:read'] });
    const note = () =>
      as(key)
        .post(`/v1/dead-letter-groups/${group}/notes`)
        .set('Idempotency-Key', `note-${group}`)
        .send({ text: ' Ask Ada first. ' });

    const { body: made } = await note().expect(201);
    await note().expect(201);
    await as(key).post(`/v1/dead-letter-groups/${group}/notes`).send({ text: 'b' }).expect(201);
    await db().query('delete from dead_letter where id = $1', [id]);

    const { body: shown } = await as().get(`/v1/dead-letter-groups/${group}`).expect(200);
    const { body: notes } = await as()
      .get(`/v1/dead-letter-groups/${group}/notes?limit=1`)
      .expect(200);
    const { body: rest } = await as()
      .get(`/v1/dead-letter-groups/${group}/notes?after=${notes.next_cursor}`)
      .expect(200);
    expect(shown).toMatchObject({ id: group, count: 0, queues: [], notes: 2 });
    expect(notes).toMatchObject({ data: [{ text: 'b' }], has_more: true });
    expect(rest.data).toEqual([made]);
    expect(made).toMatchObject({ object: 'group_note', text: 'Ask Ada first.' });
  });

  it('are not found where there are none', async () => {
    const path = `/v1/dead-letter-groups/${randomUUID()}`;

    const answers = [
      await as().get(path),
      await as().get(`${path}/notes`),
      await as().post(`${path}/notes`).send({ text: 'a' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('are computed again for what an older rule has placed, and their notes follow', async () => {
    const message = `Moved ${letters()}.`;
    const { id, group } = await grouped(message);
    const old = await anOldGroup();
    await as().post(`/v1/dead-letter-groups/${old}/notes`).send({ text: 'Known.' }).expect(201);
    await db().query(
      'update dead_letter set group_id = $2, fingerprint_version = 0 where id = $1',
      [id, old],
    );

    await regroupLetters(db(), 'outdated');

    const { body: letter } = await as().get(`/v1/dead-letters/${id}`).expect(200);
    const { body: notes } = await as().get(`/v1/dead-letter-groups/${group}/notes`).expect(200);
    expect(letter.group_id).toBe(group);
    expect(notes.data).toMatchObject([{ text: 'Known.' }]);
    await as().get(`/v1/dead-letter-groups/${old}`).expect(404);
  });

  it('keep their notes while something of them is left where it was', async () => {
    const { id } = await grouped(`Left ${letters()}.`);
    const { id: newer } = await grouped(`Newer ${letters()}.`);
    const old = await anOldGroup();
    await as().post(`/v1/dead-letter-groups/${old}/notes`).send({ text: 'Known.' }).expect(201);
    await db().query(
      'update dead_letter set group_id = $2, fingerprint_version = 0 where id = $1',
      [id, old],
    );
    await db().query(
      'update dead_letter set group_id = $2, fingerprint_version = $3 where id = $1',
      [newer, old, fingerprintVersion + 1],
    );

    await regroupLetters(db(), 'all');

    const { body } = await as().get(`/v1/dead-letters/${newer}`).expect(200);
    const { body: notes } = await as().get(`/v1/dead-letter-groups/${old}/notes`).expect(200);
    expect(body.group_id).toBe(old);
    expect(notes.data).toMatchObject([{ text: 'Known.' }]);
  });

  it('are computed again on request, once, while dead letters arrive', async () => {
    const message = `Storm ${letters()}.`;
    const { group } = await grouped(message);
    const old = await anOldGroup();
    const queue = randomUUID();
    for (let count = 0; count < 30; count += 1) await stored({ queue, failure: { message } });
    await db().query(
      'update dead_letter set group_id = $2, fingerprint_version = 0 where queue = $1',
      [queue, old],
    );
    const regroup = () =>
      as().post('/v1/dead-letter-groups/regroupings').set('Idempotency-Key', queue);

    const [first] = await Promise.all([
      regroup().expect(200),
      ...Array.from({ length: 10 }, () => stored({ queue, failure: { message } })),
      regroupLetters(db(), 'all'),
      regroupLetters(db(), 'outdated'),
    ]);
    const again = await regroup().expect(200);

    const groups: unknown[] = await db().query(
      'select distinct group_id from dead_letter where queue = $1',
      [queue],
    );
    expect(groups).toEqual([{ group_id: group }]);
    expect(first.body).toMatchObject({
      object: 'regroup_result',
      fingerprint_version: fingerprintVersion,
      dead_letters: expect.any(Number),
    });
    expect(again.text).toBe(first.text);
  });

  const stored = (fields: Parameters<typeof aStoredDeadLetter>[1]): Promise<string> =>
    aStoredDeadLetter(db(), fields);

  const grouped = async (message: string): Promise<{ id: string; group: string }> => {
    const id = await stored({ failure: { message } });
    const [row]: { group_id: string }[] = await db().query(
      'select group_id from dead_letter where id = $1',
      [id],
    );
    return { id, group: row?.group_id ?? '' };
  };

  const anOldGroup = async (): Promise<string> => {
    const id = v7();
    await db().query(
      `insert into dead_letter_group (id, fingerprint, fingerprint_version, kind, title, code, class)
       values ($1::uuid, $1::uuid::text, 0, 'failure', 'Old', 'a', 'b')`,
      [id],
    );
    return id;
  };
});

/** Nothing that a fingerprint leaves out. */
function letters(): string {
  return randomUUID().replaceAll(/[^a-f]/g, '');
}
