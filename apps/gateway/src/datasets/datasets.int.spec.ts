import {
  CreateDataset,
  DatasetChanged,
  DatasetDropped,
  DatasetRefused,
  DropDataset,
  ExtendDataset,
} from '@offload/contracts';
import { describeHandler, eventually, handlerHarness } from '@offload/testing';
import { v7 } from 'uuid';
import { aStoredImport } from '../../test/builders.js';
import { aColumn, aName, datasetTables } from '../../test/dataset-builders.js';
import { aStoredDeadLetter } from '../../test/dead-letter-builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { defaultTenantId } from '../access/bootstrap-access.js';
import { subjectListeners } from '../app.module.js';
import { database } from '../database/database.js';
import { ProjectDatasetHandler } from './project-dataset.handler.js';
import { TrackDatasetDroppedHandler } from './track-dataset-dropped.handler.js';
import { TrackDatasetRefusedHandler } from './track-dataset-refused.handler.js';

const service = { service: 'gateway', database };
const email = { ...aColumn('email', 'text', false), pattern: '^\\S+@\\S+$' };

describe('datasets', () => {
  const { as, aKey, db } = gatewayHarness();
  const { aTable } = datasetTables();
  const project = handlerHarness(ProjectDatasetHandler, service);
  const refuse = handlerHarness(TrackDatasetRefusedHandler, service);
  const drop = handlerHarness(TrackDatasetDroppedHandler, service);

  it('are accepted with the command to make them', async () => {
    const name = aName();

    const { body, headers } = await as()
      .post('/v1/datasets')
      .send({ name, columns: [email, { name: 'age', type: 'bigint' }], keys: [['email']] })
      .expect(202);

    expect(headers).toMatchObject({ location: `/v1/datasets/${name}`, 'retry-after': '1' });
    expect(body).toMatchObject({ name, state: 'creating', table: null, keys: [['email']] });
    const columns = [email, aColumn('age', 'bigint')];
    expect(await commandsAbout(name)).toEqual([
      { type: CreateDataset.type, payload: { dataset: name, columns, keys: [['email']] } },
    ]);
    await as().get(`/v1/datasets/${name}/rows`).expect(409);
  });

  it('are made once, however often the same request comes', async () => {
    const name = aName();
    const request = () =>
      as()
        .post('/v1/datasets')
        .set('Idempotency-Key', name)
        .send({ name, columns: [email] });

    const { body: first } = await request().expect(202);
    const { body: again } = await request().expect(202);
    const { body: other } = await as()
      .post('/v1/datasets')
      .send({ name, columns: [email] })
      .expect(409);

    expect(again).toEqual(first);
    expect(other).toMatchObject({ code: 'name_taken' });
    expect(await commandsAbout(name)).toHaveLength(1);
  });

  it('are refused at the door with everything that is wrong and where', async () => {
    const { body } = await as()
      .post('/v1/datasets')
      .send({
        name: aName(),
        columns: [
          { name: '_id', type: 'bigint' },
          { name: 'code', type: 'text', pattern: '[a-' },
          { name: 'age', type: 'bigint', range: { min: 10, max: 1 } },
        ],
        keys: [['nothing']],
      })
      .expect(422);

    expect(body).toMatchObject({
      code: 'validation_failed',
      errors: [
        { pointer: '/columns/0/name', code: 'reserved_name' },
        { pointer: '/columns/2/range', code: 'invalid_bound' },
        { pointer: '/keys/0/0', code: 'unknown_column' },
        { pointer: '/columns/1/pattern', code: 'invalid_pattern' },
      ],
    });
    const { body: unknown } = await as()
      .post('/v1/datasets')
      .send({
        name: aName(),
        columns: [{ name: 'age', type: 'bigint', range: { minimum: 1 } }],
      })
      .expect(422);
    expect(unknown.errors).toMatchObject([
      { pointer: '/columns/0/range/minimum', code: 'unknown_field' },
    ]);
  });

  it('are answered when they are there, for those who prefer to wait', async () => {
    const name = aName();
    const created = as()
      .post('/v1/datasets')
      .set('Prefer', 'respond-async, wait=60')
      .send({ name, columns: [email] })
      .then((answer) => answer);
    const correlationId = await requestOf(name);

    await project.deliver(changed(name), { tenantId: defaultTenantId, correlationId });

    const { status, body, headers } = await created;
    expect(status).toBe(201);
    expect(headers).toMatchObject({
      location: `/v1/datasets/${name}`,
      'preference-applied': 'wait=5',
    });
    expect(body).toMatchObject({ name, state: 'ready', table: name });
  });

  it('say why they could not be made, and may be asked for again', async () => {
    const name = aName();
    const waited = as()
      .post('/v1/datasets')
      .set('Prefer', 'wait=5')
      .send({ name, columns: [email] })
      .then((answer) => answer);
    const correlationId = await requestOf(name);

    await refuse.deliver(refusal(name, 'create'), { tenantId: defaultTenantId, correlationId });

    const { status, body } = await waited;
    expect([status, body.code, body.detail]).toEqual([409, 'dataset_refused', 'It cannot be.']);
    const { body: shown } = await as().get(`/v1/datasets/${name}`).expect(200);
    expect(shown).toMatchObject({
      state: 'failed',
      problem: { action: 'create', code: 'invalid_dataset', detail: 'It cannot be.' },
    });
    await as()
      .post('/v1/datasets')
      .send({ name, columns: [email] })
      .expect(202);
  });

  it('take columns and keys one request after the other, and tell what contradicts what is there', async () => {
    const name = await aTable([email, aColumn('age', 'bigint')]);

    const { body: wrong } = await as()
      .patch(`/v1/datasets/${name}`)
      .send({ columns: [aColumn('age')], keys: [['email', 'age', 'size']] })
      .expect(422);
    const { body: accepted } = await as()
      .patch(`/v1/datasets/${name}`)
      .send({ keys: [['email']] })
      .expect(202);
    const { body: busy } = await as()
      .patch(`/v1/datasets/${name}`)
      .send({ keys: [['age']] })
      .expect(409);
    await as().patch(`/v1/datasets/${name}`).send({}).expect(422);

    expect(wrong.errors).toMatchObject([{ code: 'repeated_name' }, { code: 'unknown_column' }]);
    expect(accepted).toMatchObject({ state: 'changing', keys: [] });
    expect(busy).toMatchObject({ code: 'invalid_state', retry_after: 1 });
    expect(await commandsAbout(name)).toEqual([
      { type: ExtendDataset.type, payload: { dataset: name, columns: [], keys: [['email']] } },
    ]);
  });

  it('are dropped, and gone from all lists when that is done', async () => {
    const name = await aTable([email]);
    const waited = as()
      .delete(`/v1/datasets/${name}`)
      .set('Prefer', 'wait=5')
      .then((answer) => answer);
    const correlationId = await requestOf(name);
    const droppedAt = new Date().toISOString();

    await drop.deliver(DatasetDropped({ dataset: name, droppedAt }), {
      tenantId: defaultTenantId,
      correlationId,
    });

    expect((await waited).status).toBe(204);
    expect(await commandsAbout(name)).toMatchObject([{ type: DropDataset.type }]);
    await as().get(`/v1/datasets/${name}`).expect(404);
    await as().delete(`/v1/datasets/${name}`).expect(404);
    expect(await listed()).not.toContain(name);
  });

  it('are neither changed nor dropped while an import into them has not ended', async () => {
    const name = await aTable([email]);
    const { id } = await aStoredImport(db(), { dataset: name, state: 'loading' });

    const { body: problem } = await as().delete(`/v1/datasets/${name}`).expect(409);
    await as()
      .patch(`/v1/datasets/${name}`)
      .send({ keys: [['email']] })
      .expect(409);
    await db().query(`update import set state = 'completed' where id = $1`, [id]);
    await as().delete(`/v1/datasets/${name}`).expect(202);

    expect(problem).toMatchObject({
      code: 'invalid_state',
      detail: `Import ${id} into “${name}” has not ended.`,
    });
  });

  it('say when what was asked for waits as a dead letter', async () => {
    const name = await aTable([email]);
    await as().delete(`/v1/datasets/${name}`).expect(202);
    const letter = {
      subject: `dataset:${name}`,
      properties: { type: DropDataset.type },
      failure: { message: 'The table is being read.' },
    };

    await aStoredDeadLetter(db(), { ...letter, tenantId: v7() }, subjectListeners);
    const { body: others } = await as().get(`/v1/datasets/${name}`).expect(200);
    await aStoredDeadLetter(db(), { ...letter, tenantId: defaultTenantId }, subjectListeners);

    expect(others).toMatchObject({ state: 'dropping', problem: null });
    const { body } = await as().get(`/v1/datasets/${name}`).expect(200);
    expect(body).toMatchObject({
      state: 'ready',
      problem: { action: 'drop', code: 'interrupted', detail: 'The table is being read.' },
    });
  });

  it('are listed by name, and are a tenant’s own only', async () => {
    const names = [await aTable([email]), await aTable([email])].toSorted();
    const stranger = await aKey();
    const reader = await aKey({ tenantId: defaultTenantId, scopes: ['datasets:read'] });

    const { body: theirs } = await as(stranger).get('/v1/datasets').expect(200);

    expect((await listed()).filter((name) => names.includes(name))).toEqual(names);
    expect(theirs.data).toEqual([]);
    for (const path of ['', '/rows', '/export.csv', '/export.ndjson']) {
      await as(stranger).get(`/v1/datasets/${names[0]}${path}`).expect(404);
    }
    await as(stranger).delete(`/v1/datasets/${names[0]}`).expect(404);
    await as(reader).get(`/v1/datasets/${names[0]}`).expect(200);
    await as(reader).delete(`/v1/datasets/${names[0]}`).expect(403);
    await as().get('/v1/datasets/nothing').expect(404);
  });

  const listed = async (): Promise<string[]> => {
    const { body } = await as().get('/v1/datasets?limit=100').expect(200);
    return (body as { data: { name: string }[] }).data.map(({ name }) => name);
  };

  const commandsAbout = async (name: string): Promise<unknown[]> => {
    const rows: { type: string; payload: string }[] = await db().query(
      `select properties ->> 'type' as type, convert_from(body, 'UTF8') as payload
         from outbox_message where headers ->> 'ce-subject' = $1 order by id`,
      [`dataset:${name}`],
    );
    return rows.map(({ type, payload }) => ({ type, payload: JSON.parse(payload) as unknown }));
  };

  /** What comes of the request that is being done carries this correlation. */
  const requestOf = async (name: string): Promise<string> =>
    eventually(async () => {
      const [row]: { request_id: string | null }[] = await db().query(
        'select request_id from dataset where name = $1',
        [name],
      );
      if (!row?.request_id) throw new Error('Nothing has been asked of it.');
      return row.request_id;
    });
});

describeHandler(ProjectDatasetHandler, {
  ...service,
  example: async () => changed(aName()),
});

describeHandler(TrackDatasetRefusedHandler, {
  ...service,
  example: async () => refusal(aName(), 'create'),
});

describeHandler(TrackDatasetDroppedHandler, {
  ...service,
  example: async () => DatasetDropped({ dataset: aName(), droppedAt: '2026-01-01T00:00:00Z' }),
});

function changed(dataset: string) {
  const changedAt = new Date().toISOString();
  return DatasetChanged({ dataset, table: dataset, columns: [email], rows: 0, changedAt });
}

function refusal(dataset: string, action: DatasetRefused['action']) {
  const refusedAt = new Date().toISOString();
  return DatasetRefused({
    dataset,
    action,
    code: 'invalid_dataset',
    message: 'It cannot be.',
    refusedAt,
  });
}
