import { scriptedHarness } from '../../test/scripted-harness.js';

const dataset = {
  name: 'people',
  object: 'dataset',
  state: 'ready',
  table: 'people',
  columns: [
    { name: 'email', type: 'text', nullable: false, length: { min: 3, max: 80 }, pattern: '@' },
    { name: 'age', type: 'bigint', nullable: true, range: { min: 0 } },
  ],
  keys: [['email']],
  rows: 1234,
  problem: null,
  created_at: '2026-11-22T11:00:00Z',
  changed_at: '2026-11-22T11:00:00Z',
  links: {},
};

describe('offload datasets', () => {
  const { api, offload } = scriptedHarness();

  it('create waits for the dataset and shows it', async () => {
    api().answer({ status: 201, body: dataset });

    const ran = await offload([
      'datasets',
      'create',
      'people',
      'email:text!',
      'a:b:bigint',
      '--key',
      'email,a:b',
    ]);

    const [asked] = api().asked;
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/v1/datasets',
      body: {
        name: 'people',
        columns: [
          { name: 'email', type: 'text', nullable: false },
          { name: 'a:b', type: 'bigint', nullable: true },
        ],
        keys: [['email', 'a:b']],
      },
    });
    expect(asked?.headers).toMatchObject({
      prefer: 'wait=5',
      'idempotency-key': expect.any(String),
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/email +text +no +3 to 80 characters; matches @/);
    expect(ran.out).toMatch(/age +bigint +yes +at least 0/);
  });

  it('extend says so when it takes longer', async () => {
    api().answer({ status: 202, body: { ...dataset, state: 'changing' } });

    const ran = await offload(['datasets', 'extend', 'people', 'phone:text']);

    expect(api().asked).toMatchObject([{ method: 'PATCH', path: '/v1/datasets/people' }]);
    expect(ran.out).toBe('people is changing.\nSee how it stands: offload datasets show people\n');
  });

  it('drop asks for the number of rows', async () => {
    api().answer({ body: dataset }, { body: dataset }, { status: 204 });

    const wrong = await offload(['datasets', 'drop', 'people'], { input: 'y\n' });
    const right = await offload(['datasets', 'drop', 'people'], { input: '1234\n' });

    expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining('1,234 rows') });
    expect(right).toMatchObject({ code: 0, out: 'people is dropped.\n' });
    expect(api().asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'DELETE']);
  });

  it('rows sends every condition and shows the columns of the rows', async () => {
    const rows = [
      { _id: 1, name: 'Ada', more: { a: [1] }, age: null },
      { _id: 2, name: 'Grace', more: null, age: 85 },
    ];
    api().answer({ body: { object: 'list', data: rows, has_more: false, next_cursor: null } });

    const ran = await offload([
      ...['datasets', 'rows', 'people', '--where', 'age:gte:18', '--where', 'name:like:A*'],
      ...['--sort', '-age', '--fields', '_id,name'],
    ]);

    expect(api().asked[0]?.path).toBe(
      '/v1/datasets/people/rows?where=age%3Agte%3A18&where=name%3Alike%3AA*&sort=-age&fields=_id%2Cname&limit=20',
    );
    expect(ran.out).toBe(
      '_id  name   more       age\n  1  Ada    {"a":[1]}\n  2  Grace             85\n',
    );
  });

  it('export passes the bytes on', async () => {
    api().answer({ body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv' } });

    const ran = await offload(['datasets', 'export', 'people', '--bom', '--escape-formulas']);

    expect(api().asked[0]?.path).toBe('/v1/datasets/people/export.csv?formulas=escape&bom=true');
    expect(ran).toMatchObject({ code: 0, out: 'a,b\n1,2\n' });
  });

  it.each([
    [['create', 'people'], 'Which columns?'],
    [['create', 'people', 'email'], 'is not a column'],
    [['export', 'people', '--format', 'ndjson', '--bom'], 'are for CSV'],
  ])('sends nothing for %j', async (argv, words) => {
    const ran = await offload(['datasets', ...argv]);

    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    expect(api().asked).toEqual([]);
  });
});
