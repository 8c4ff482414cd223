import type { DatasetColumn } from '@offload/contracts';
import type { DatasetResource, ImportResource } from '@offload/contracts/http';
import { Client } from 'pg';
import { eventually } from '../libs/testing/src/eventually.js';
import { stackHarness, type TestStack } from './harness/stack-harness.js';

describe('a person who declares a dataset', () => {
  const running = stackHarness();
  const prefer = { prefer: 'wait=5' };

  it('has it at once, with rules that an import obeys', async () => {
    const { api } = running();

    const created = await api.post<DatasetResource>(
      '/v1/datasets',
      {
        name: 'people',
        columns: [
          { name: 'email', type: 'text', nullable: false, pattern: '^[^@]+@[^@]+$' },
          { name: 'age', type: 'bigint', range: { min: 0, max: 150 } },
          { name: 'added', type: 'timestamptz', nullable: false, generated: 'now' },
        ],
      },
      prefer,
    );
    const csv =
      'email,age\nada@example.test,36\nnobody,5\ngrace@example.test,151\nalan@example.test,41\n';
    const ended = await importInto(running(), 'people', csv);

    expect([created.status, created.body.state]).toEqual([201, 'ready']);
    expect(ended.progress).toMatchObject({ rows_loaded: 2, rows_rejected: 2 });
    const rows = await api.allRows('people');
    expect(rows.map(({ email }) => email)).toEqual(['ada@example.test', 'alan@example.test']);
    expect(rows[0]?.['added']).toMatch(/^\d{4}-/);
  });

  it('adds a key when the rows allow it, and is told which are in the way when they do not', async () => {
    const { api, db } = running();
    const patch = () => patchKeys(running(), 'people', [['email']]);
    await db.query(
      `insert into datasets.people (_import_id, email) values (gen_random_uuid(), 'ada@example.test')`,
    );

    const refused = await patch();
    await db.query(`delete from datasets.people where age is null`);
    const extended = await patch();

    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'dataset_refused',
      detail: expect.stringContaining('“ada@example.test” in 2 rows'),
    });
    expect([extended.status, extended.body]).toMatchObject([200, { keys: [['email']] }]);
    expect(await api.get('/v1/datasets/people')).toMatchObject({ state: 'ready', problem: null });
  });

  it('can take its rows out and in again without losing anything', async () => {
    const { api } = running();
    for (const name of ['there', 'and_back']) {
      const { status } = await api.post('/v1/datasets', { name, columns: everyType }, prefer);
      expect(status).toBe(201);
    }
    const { progress } = await importInto(running(), 'there', difficult);

    const there = await exported(running(), 'there');
    await importInto(running(), 'and_back', there);
    const andBack = await exported(running(), 'and_back');

    expect(progress).toMatchObject({ rows_loaded: 5, rows_rejected: 0 });
    expect(andBack).toBe(there);
    const contents = ['there', 'and_back'].map((name) => contentOf(running().db, name));
    expect(new Set(await Promise.all(contents)).size).toBe(1);
  });

  it('drops it', async () => {
    const { api } = running();

    const dropped = await api.call('DELETE', '/v1/datasets/and_back', { headers: prefer });

    expect(dropped.status).toBe(204);
    expect((await api.call('GET', '/v1/datasets/and_back')).status).toBe(404);
  });

  describe('and gives a BI tool the address for readers', () => {
    let reader: Client;

    beforeAll(async () => {
      reader = new Client({ connectionString: running().stack.databaseUrls.reader ?? '' });
      await reader.connect();
      // A setting of the role that anybody can turn off; what follows must not depend on it.
      await reader.query('set default_transaction_read_only = off');
    });

    afterAll(async () => {
      await reader.end();
    });

    it('lets it read datasets, also those that are made later', async () => {
      const { api } = running();
      await api.post('/v1/datasets', { name: 'made_later', columns: everyType }, prefer);

      const { rows } = await reader.query('select email from people order by email');

      expect(rows).toEqual([{ email: 'ada@example.test' }, { email: 'alan@example.test' }]);
      expect((await reader.query('select * from datasets.made_later')).rows).toEqual([]);
    });

    it.each([
      'select * from gateway.api_key',
      'select * from ingest.import_run',
      'select * from notifier.outbox_message',
      'select * from reports.anything',
      'select * from staging.anything',
      'create table datasets.mine (a int)',
      'update datasets.people set age = 1',
      'drop table datasets.people',
      'create table public.mine (a int)',
    ])('keeps it from: %s', async (sql) => {
      // “insufficient_privilege”
      await expect(reader.query(sql)).rejects.toMatchObject({ code: '42501' });
    });
  });
});

const everyType: DatasetColumn[] = (
  ['text', 'bigint', 'numeric', 'double', 'boolean', 'date', 'timestamptz', 'uuid', 'json'] as const
).map((type) => ({ name: `a ${type}, "quoted"`, type, nullable: true }));

const difficult = [
  everyType.map(({ name }) => quoted(name)).join(','),
  `"",1,1.50,NaN,true,infinity,-infinity,a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,"{""a"": ""x\\n\\u0001""}"`,
  `"line\nbreak, ""quote"" and \\.",-9223372036854775808,NaN,-Infinity,false,2024-02-29,2026-01-31T12:00:00.123456+05:30,,null`,
  `"\\.",9223372036854775807,0.00000000000000000001,0.1,t,0001-01-01,0001-01-01T00:00:00Z,,[]`,
  `=1+1,,123456789012345678901234567890.5,5e-324,,,,,"""text"""`,
  `,0,-0.0,-0,f,9999-12-31,9999-12-31T23:59:59.999999Z,,1.10`,
  '',
].join('\n');

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function importInto(
  { api }: TestStack,
  dataset: string,
  csv: string,
): Promise<ImportResource> {
  const { id: uploadId } = await api.upload(csv);
  const { id } = await api.startImport({ upload_id: uploadId, dataset: { name: dataset } });
  return eventually(async () => {
    const run = await api.getImport(id);
    expect(run.state).toMatch(/^(completed|completed_with_errors|failed)$/);
    expect(run.problem).toBeNull();
    return run;
  });
}

async function exported({ stack }: TestStack, dataset: string): Promise<string> {
  const sort = encodeURIComponent(quoted('a bigint, "quoted"'));
  const response = await fetch(`${stack.url}/v1/datasets/${dataset}/export.csv?sort=${sort}`, {
    headers: { authorization: `Bearer ${stack.apiKey}` },
  });
  expect(response.status).toBe(200);
  return response.text();
}

async function patchKeys({ api }: TestStack, dataset: string, keys: string[][]) {
  return api.call<Record<string, unknown>>('PATCH', `/v1/datasets/${dataset}`, {
    body: JSON.stringify({ keys }),
    headers: { 'content-type': 'application/json', prefer: 'wait=5' },
  });
}

/** The rows as PostgreSQL writes them, without our own columns and in an order of their own. */
async function contentOf(db: Client, dataset: string): Promise<string> {
  const { rows } = await db.query<{ row: string }>(
    `select (to_jsonb(t) - '_id' - '_import_id')::text as row from datasets.${dataset} t order by 1`,
  );
  return rows.map(({ row }) => row).join('\n');
}
