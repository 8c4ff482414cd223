import { randomUUID } from 'node:crypto';
import { gatewayHarness } from '../../test/gateway-harness.js';

const mapping = { columns: [{ to: 'id', from: 'Kd-Nr' }], others: 'ignore' };
const source = { delimiter: ';', encoding: 'windows-1252' };
const values = { decimal: ',' };

describe('saved mappings', () => {
  const { as, aKey, anUpload, db } = gatewayHarness();

  it('are created, shown, listed, changed and deleted', async () => {
    const key = await aKey();

    const created = await post(key, { name: 'Shop', mapping, source }).expect(201);
    const path = String(created.headers['location']);
    const { body: changed } = await as(key)
      .patch(path)
      .send({ name: 'Shop 2', values })
      .expect(200);
    const { body: list } = await as(key).get('/v1/mappings').expect(200);

    expect(created.body).toMatchObject({
      object: 'mapping',
      name: 'Shop',
      mapping,
      source,
      values: {},
    });
    expect(changed).toMatchObject({ name: 'Shop 2', mapping, source, values });
    expect(list).toMatchObject({ has_more: false, data: [changed] });
    await as(key).get(path).expect(200, changed);
    await as(key).delete(path).expect(204);
    await as(key).get(path).expect(404);
  });

  it('are a tenant’s own, and have a name of their own there', async () => {
    const [one, other] = [await aKey(), await aKey()];
    const { body } = await post(one, { name: 'Shop', mapping }).expect(201);
    await post(one, { name: 'Till', mapping }).expect(201);

    const { body: taken } = await post(one, { name: ' Shop ', mapping }).expect(409);
    await post(other, { name: 'Shop', mapping }).expect(201);

    expect(taken).toMatchObject({ code: 'name_taken', detail: expect.stringContaining('“Shop”') });
    await as(one).patch(body.links.self).send({ name: 'Till' }).expect(409);
    await as(one).patch(body.links.self).send({ name: 'Shop' }).expect(200);
    for (const request of [
      as(other).get(body.links.self),
      as(other).patch(body.links.self).send({ name: 'Mine' }),
      as(other).delete(body.links.self),
    ]) {
      await request.expect(404);
    }
  });

  it('cannot take one name twice at once', async () => {
    const key = await aKey();

    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post(key, { name: 'Shop', mapping })),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });

  it('are refused where they contradict themselves', async () => {
    const twice = { columns: [mapping.columns[0], mapping.columns[0]] };

    const { body } = await post(await aKey(), {
      name: 'Shop',
      mapping: twice,
      values: { decimal: ',', thousands: ',' },
    }).expect(422);

    expect(body.errors).toMatchObject([
      { pointer: '/mapping/columns/1/to', code: 'repeated' },
      { pointer: '/values/thousands' },
    ]);
  });

  it('are what an import was given when it named them, whatever becomes of them later', async () => {
    const key = await aKey();
    const { body: saved } = await post(key, { name: 'Shop', mapping, source, values }).expect(201);
    const request = {
      dataset: { name: 'people' },
      mapping_id: saved.id,
      source: { delimiter: ',' },
    };

    const { body } = await as(key)
      .post('/v1/imports')
      .send({ ...request, upload_id: await anUpload(key) })
      .expect(202);
    await as(key).delete(saved.links.self).expect(204);

    const { body: shown } = await as(key).get(`/v1/imports/${body.id}`).expect(200);
    expect(shown).toMatchObject({
      mapping_id: saved.id,
      mapping,
      source: { delimiter: ',', encoding: 'windows-1252' },
      values,
    });
    const [command]: { payload: object }[] = await db().query(
      `select convert_from(body, 'utf8')::json as payload from outbox_message
        where headers ->> 'ce-subject' = $1`,
      [`import:${body.id}`],
    );
    expect(command?.payload).toMatchObject({
      options: { mapping, source: { delimiter: ',', encoding: 'windows-1252' }, values },
    });
  });

  it('are not there for imports of others, and refuse an import that contradicts them', async () => {
    const key = await aKey();
    const { body: saved } = await post(key, { name: 'Shop', mapping, values }).expect(201);
    const importing = async (wishes: object) =>
      as(key)
        .post('/v1/imports')
        .send({ upload_id: await anUpload(key), dataset: { name: 'people' }, ...wishes });

    const missing = await importing({ mapping_id: randomUUID() });
    const contradicts = await importing({ mapping_id: saved.id, values: { thousands: ',' } });

    expect(missing.status).toBe(404);
    expect(contradicts).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            pointer: '/values/thousands',
            detail: expect.stringMatching(/^Together with the saved mapping:/),
          },
        ],
      },
    });
  });

  const post = (key: string, body: object) => as(key).post('/v1/mappings').send(body);
});
