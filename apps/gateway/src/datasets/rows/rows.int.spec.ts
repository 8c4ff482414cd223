import type { DatasetRow } from '@offload/contracts/http';
import { aColumn, anImportId, datasetTables } from '../../../test/dataset-builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';

describe('rows of a dataset', () => {
  const { as } = gatewayHarness({ config: { QUERY_TIMEOUT_MS: '300' } });
  const { aTable, db } = datasetTables();

  const rows = async (name: string, query = ''): Promise<DatasetRow[]> => {
    const { body } = await as().get(`/v1/datasets/${name}/rows?${query}`).expect(200);
    return (body as { data: DatasetRow[] }).data;
  };

  it('are shown with every digit, and dates and infinities as people write them', async () => {
    const columns = [
      aColumn('Name "x"'),
      aColumn('id', 'bigint'),
      aColumn('amount', 'numeric'),
      aColumn('share', 'double'),
      aColumn('is_active', 'boolean'),
      aColumn('born', 'date'),
      aColumn('seen_at', 'timestamptz'),
      aColumn('key', 'uuid'),
      aColumn('more', 'json'),
    ];
    const name = await aTable(columns, [
      {
        'Name "x"': 'Ada "the first"',
        id: 1,
        amount: '12.50',
        share: 0.5,
        is_active: true,
        born: '1815-12-10',
        seen_at: '2026-02-01T00:30:00.123456+02:00',
        key: anImportId,
        more: '{"n": 12345678901234567890.10, "list": [1, null]}',
      },
      {
        'Name "x"': '',
        id: '9223372036854775807',
        share: 'NaN',
        born: 'infinity',
        seen_at: '-infinity',
      },
    ]);

    const { text } = await as().get(`/v1/datasets/${name}/rows`).expect(200);

    expect((JSON.parse(text) as { data: unknown[] }).data).toEqual([
      {
        _id: 1,
        _import_id: anImportId,
        'Name "x"': 'Ada "the first"',
        id: 1,
        amount: '12.50',
        share: 0.5,
        is_active: true,
        born: '1815-12-10',
        seen_at: '2026-01-31T22:30:00.123456Z',
        key: anImportId,
        more: expect.objectContaining({ list: [1, null] }),
      },
      {
        _id: 2,
        _import_id: anImportId,
        'Name "x"': '',
        id: '9223372036854775807',
        amount: null,
        share: 'NaN',
        is_active: null,
        born: 'infinity',
        seen_at: '-infinity',
        key: null,
        more: null,
      },
    ]);
    expect(text).toContain('"n":12345678901234567890.10');
  });

  it.each([
    ['where=age:eq:30', ['b']],
    ['where=age:ne:30', ['a', 'c', 'd', 'e,x']],
    ['where=age:lt:30&where=age:gte:20', ['a']],
    ['where=age:gt:30', ['c']],
    ['where=age:lte:30', ['a', 'b']],
    ['where=age:in:20,40', ['a', 'c']],
    ['where=name:in:"e,x",a', ['a', 'e,x']],
    ['where=age:is_null:true', ['d', 'e,x']],
    ['where=age:is_null:false&where=name:ne:a', ['b', 'c']],
    ['where=note:like:100%25*', ['a']],
    ['where=note:like:*b', ['b']],
    ['where=note:ilike:*STAR*', ['b', 'c']],
    ['where=note:like:*\\**', ['c']],
    ['where=note:eq:', ['d']],
    ['where=when:x:gte:2026-01-02', ['b']],
    ["where=name:eq:a'; drop table x; --", []],
    [`where=_import_id:eq:${anImportId}&where=_id:lte:1`, ['a']],
  ])('are filtered by %s', async (query, expected) => {
    const found = await rows(await people(), `${query}&fields=name`);

    expect(found).toEqual(expected.map((name) => ({ name })));
  });

  it.each([
    ['where=size:eq:1', 'unknown_column', '“size” is no column of the dataset.'],
    ['where=age:is:1', 'unknown_operator', '“is” is no operator.'],
    ['where=age:eq', 'missing_value', 'has no value'],
    ['where=age:like:1', 'unfit_operator', 'is of type bigint'],
    ['where=age:eq:ten', 'not_a_value', '“ten” is not a whole number.'],
    ['where=when:x:eq:31/31/2026', 'not_a_value', '31/31/2026'],
    ['where=name:in:"a', 'not_a_value', 'quotes'],
    ['where=age:is_null:1', 'not_a_value', 'true or false'],
    ['sort=size', 'unknown_column', '“size”'],
    ['fields=name,size', 'unknown_column', '“size”'],
    ['after=abc', 'invalid_cursor', 'not a cursor'],
  ])('are not guessed from %s', async (query, code, detail) => {
    const { body } = await as()
      .get(`/v1/datasets/${await people()}/rows?${query}`)
      .expect(422);

    expect(body.errors).toEqual([
      {
        pointer: expect.stringMatching(/^\?(where|sort|fields|after)$/),
        code,
        detail: expect.stringContaining(detail),
      },
    ]);
  });

  it('are told everything that is wrong at once', async () => {
    const { body } = await as()
      .get(`/v1/datasets/${await people()}/rows?where=a:eq:1&where=b:eq:1&sort=c&fields=d`)
      .expect(422);

    expect(body.errors).toHaveLength(4);
  });

  it.each([
    'sort=age',
    'sort=-age',
    'sort=group,-age',
    'sort=-group,score,-_id',
    'sort=score',
    'sort=-score',
    'sort=amount,-group',
    'sort=-amount',
    'sort=-_id',
    'sort=at,"odd,name"',
    'sort=-"odd,name"',
    'where=age:is_null:false&sort=age',
    '',
  ])('come once each on pages of any size, with equal values and none: %s', async (query) => {
    const name = await aTable(
      [
        aColumn('group', 'text', false),
        aColumn('age', 'bigint'),
        aColumn('score', 'double'),
        aColumn('amount', 'numeric', false),
        aColumn('at', 'timestamptz'),
        aColumn('odd,name'),
      ],
      Array.from({ length: 23 }, (_, n) => ({
        group: ['x', 'y', 'z'][n % 3] ?? '',
        age: n % 4 === 0 ? null : n % 5,
        score: [null, 'NaN', '-Infinity', '0.1', '1e300'][n % 5] ?? null,
        amount: `${n % 2}.000000000000000000000${n % 3}`,
        at: n % 3 === 0 ? null : `2026-01-01T00:00:00.00000${n % 4}Z`,
        'odd,name': n % 2 ? null : `ä${n % 4}`,
      })),
    );

    const whole = (await rows(name, `${query}&limit=1000`)).map(({ _id }) => _id);

    for (const limit of [1, 2, 7]) {
      const paged: unknown[] = [];
      let after = '';
      for (let page = 0; page < 30; page++) {
        const { body } = await as()
          .get(`/v1/datasets/${name}/rows?${query}&limit=${limit}${after && `&after=${after}`}`)
          .expect(200);
        const { data, next_cursor } = body as { data: DatasetRow[]; next_cursor: string | null };
        paged.push(...data.map(({ _id }) => _id));
        if (next_cursor === null) break;
        after = next_cursor;
      }
      expect(paged).toEqual(whole);
    }
    expect(whole.length).toBe(query.startsWith('where') ? 17 : 23);
  });

  it('have values first and nulls last in both directions', async () => {
    const name = await people();

    expect((await rows(name, 'sort=age&fields=age')).map(({ age }) => age)).toEqual([
      20,
      30,
      40,
      null,
      null,
    ]);
    expect((await rows(name, 'sort=-age&fields=age')).map(({ age }) => age)).toEqual([
      40,
      30,
      20,
      null,
      null,
    ]);
  });

  it('go on behind a row whose value is too long for an address', async () => {
    const name = await aTable(
      [aColumn('text')],
      ['a', 'b', 'c'].map((letter) => ({ text: letter.repeat(50_000) })),
    );

    const { body: first } = await as().get(`/v1/datasets/${name}/rows?sort=-text&limit=1`);
    const { body: second } = await as()
      .get(`/v1/datasets/${name}/rows?sort=-text&limit=1&after=${first.next_cursor}`)
      .expect(200);
    await db().query(`delete from datasets.${name} where _id = 3`);
    const { body: gone } = await as()
      .get(`/v1/datasets/${name}/rows?sort=-text&limit=1&after=${first.next_cursor}`)
      .expect(422);

    expect(first.next_cursor.length).toBeLessThan(200);
    expect(second.data).toMatchObject([{ _id: 2 }]);
    expect(gone.errors).toMatchObject([{ code: 'invalid_cursor' }]);
  });

  it('end a page early when they are very large', async () => {
    const name = await aTable([aColumn('text')], []);
    await db().query(
      `insert into datasets.${name} (text) select repeat('x', 2000000) from generate_series(1, 12)`,
    );

    const { body } = await as().get(`/v1/datasets/${name}/rows?limit=100`).expect(200);

    expect(body.has_more).toBe(true);
    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data.length).toBeLessThan(12);
  });

  it('refuse a cursor of another sort', async () => {
    const name = await people();
    const { body } = await as().get(`/v1/datasets/${name}/rows?sort=age&limit=1`);

    const { body: problem } = await as()
      .get(`/v1/datasets/${name}/rows?sort=-age&after=${body.next_cursor}`)
      .expect(422);

    expect(problem.errors).toMatchObject([{ code: 'invalid_cursor' }]);
  });

  it('are not waited for longer than a request may take', async () => {
    const name = await people();
    const holder = db().createQueryRunner();
    await holder.startTransaction();
    await holder.query(`lock table datasets.${name} in access exclusive mode`);

    const { body } = await as().get(`/v1/datasets/${name}/rows`).expect(422);
    await holder.rollbackTransaction();
    await holder.release();

    expect(body).toMatchObject({
      code: 'query_too_slow',
      detail: 'Reading the rows took longer than 0.3 s.',
    });
  });

  const people = () =>
    aTable(
      [
        aColumn('name', 'text', false),
        aColumn('age', 'bigint'),
        aColumn('note'),
        aColumn('when:x', 'date'),
      ],
      [
        { name: 'a', age: 20, note: '100% sure' },
        { name: 'b', age: 30, note: 'star_b', 'when:x': '2026-01-02' },
        { name: 'c', age: 40, note: 'a * STAR' },
        { name: 'd', age: null, note: '' },
        { name: 'e,x', age: null, note: null },
      ],
    );
});
