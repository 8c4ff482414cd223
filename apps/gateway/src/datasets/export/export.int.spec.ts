import { request } from 'node:http';
import { eventually } from '@offload/testing';
import { aColumn, datasetTables } from '../../../test/dataset-builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';

describe('exports of a dataset', () => {
  const { as, bootstrapKey, url } = gatewayHarness();
  const { aTable, db } = datasetTables();

  const csvOf = async (name: string, query = ''): Promise<string> => {
    const { text } = await as().get(`/v1/datasets/${name}/export.csv?${query}`).expect(200);
    return text;
  };

  it('are CSV with quotes where needed, an empty text apart from none, and values as rows show them', async () => {
    const name = await aTable(
      [
        aColumn('a "text", quoted'),
        aColumn('yes', 'boolean'),
        aColumn('at', 'timestamptz'),
        aColumn('x', 'double'),
      ],
      [
        {
          'a "text", quoted': 'say "hi",\nthen\r\nleave',
          yes: true,
          at: '2026-01-01T00:00:00.5Z',
          x: 'NaN',
        },
        { 'a "text", quoted': '', yes: false, at: 'infinity', x: '-0' },
        { 'a "text", quoted': null },
      ],
    );

    const { text, headers } = await as().get(`/v1/datasets/${name}/export.csv`).expect(200);

    expect(text).toBe(
      '"a ""text"", quoted",yes,at,x\n' +
        '"say ""hi"",\nthen\r\nleave",true,2026-01-01T00:00:00.5Z,NaN\n' +
        '"",false,infinity,-0\n' +
        ',,,\n',
    );
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}.csv"`,
    });
  });

  it('are JSON on lines, every digit kept, with names of any kind and many columns', async () => {
    const many = Array.from({ length: 150 }, (_, n) => aColumn(`c${n}`, 'bigint'));
    const name = await aTable(
      [
        aColumn('a "text"'),
        aColumn('n', 'numeric'),
        aColumn('big', 'bigint'),
        aColumn('more', 'json'),
        aColumn('x', 'double'),
        ...many,
      ],
      [
        {
          'a "text"': 'tab\tbreak\nquote"\\.\u0001\u0002',
          n: '1.50',
          big: '9007199254740993',
          more: '{"a": [1.10]}',
          x: 'Infinity',
          c149: 7,
        },
        { big: 5 },
      ],
    );

    const { text, headers } = await as().get(`/v1/datasets/${name}/export.ndjson`).expect(200);

    const lines = text.trimEnd().split('\n');
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      'a "text"': 'tab\tbreak\nquote"\\.\u0001\u0002',
      n: '1.50',
      big: '9007199254740993',
      x: 'Infinity',
      c149: 7,
    });
    expect(lines[0]).toContain('"more":{"a": [1.10]}');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ 'a "text"': null, big: 5, more: null });
  });

  it('have the filter, the order and the columns of a list', async () => {
    const name = await aTable(
      [aColumn('name'), aColumn('age', 'bigint')],
      [
        { name: "a'b\\", age: 1 },
        { name: 'c', age: 2 },
        { name: 'd', age: 3 },
      ],
    );

    expect(await csvOf(name, 'where=age:lte:2&sort=-age&fields=_id,name')).toBe(
      "_id,name\n2,c\n1,a'b\\\n",
    );
    expect(await csvOf(name, `where=name:in:${encodeURIComponent(`a'b\\,d`)}&fields=age`)).toBe(
      'age\n1\n3\n',
    );
    const { body } = await as().get(`/v1/datasets/${name}/export.csv?where=size:eq:1`).expect(422);
    expect(body).toMatchObject({ errors: [{ code: 'unknown_column' }] });
  });

  it('keep formulas from running in a spreadsheet, and numbers as they are', async () => {
    const name = await aTable(
      [aColumn('=name'), aColumn('n', 'bigint')],
      ['=1+1', '+cmd', '-2', '+49.5', '-x', '@a', '\ta', '\ra', '＝1', 'a=1', ' =1', ''].map(
        (text) => ({ '=name': text, n: -1 }),
      ),
    );

    const escaped = await csvOf(name, 'formulas=escape');
    const kept = await csvOf(name);

    expect(escaped.split('\n')).toEqual([
      "'=name,n",
      ...[
        "'=1+1",
        "'+cmd",
        '-2',
        '+49.5',
        "'-x",
        "'@a",
        "'\ta",
        '"\'\ra"',
        "'＝1",
        'a=1',
        ' =1',
        '""',
      ].map((text) => `${text},-1`),
      '',
    ]);
    expect(kept).toContain('=name,n\n=1+1,-1\n+cmd,-1\n');
  });

  it('begin with a byte order mark and write another word for null when told to', async () => {
    const name = await aTable(
      [aColumn('a'), aColumn('n', 'bigint')],
      [{ a: 'ä' }, { a: '' }, { n: 1 }],
    );

    const text = await csvOf(name, "bom=true&null=n/a'\\");

    expect(text).toBe('\uFEFFa,n\n"ä",n/a\'\\\n"",n/a\'\\\nn/a\'\\,1\n');
    await as()
      .get(`/v1/datasets/${name}/export.csv?null=${encodeURIComponent('a,b')}`)
      .expect(422);
  });

  it('answer HEAD without reading anything', async () => {
    const name = await aTable([aColumn('a')]);
    await db().query(`drop table datasets.${name}`);

    const { headers } = await as().head(`/v1/datasets/${name}/export.csv`).expect(200);

    expect(headers['content-disposition']).toContain(`${name}.csv`);
    await as().get(`/v1/datasets/${name}/export.csv`).expect(404);
  });

  it('wait for a client that does not read, and end with one that goes away', async () => {
    const name = await aTable([aColumn('a')]);
    await db().query(
      `insert into datasets.${name} (a) select repeat(md5(n::text), 1000) from generate_series(1, 3000) n`,
    );
    const client = openExport(name);

    await eventually(async () => expect(await activityOf(name)).toEqual(['ClientWrite']));
    client.destroy();

    await eventually(async () => expect(await activityOf(name)).toEqual([]));
    expect((await csvOf(name, 'where=_id:lte:1')).length).toBeGreaterThan(32_000);
  });

  it('end with a client that goes away before there is a row to send', async () => {
    const name = await aTable([aColumn('a')]);
    const holder = db().createQueryRunner();
    await holder.startTransaction();
    await holder.query(`lock table datasets.${name} in access exclusive mode`);
    const client = openExport(name);
    await eventually(async () => expect(await activityOf(name)).toEqual(['relation']));

    client.destroy();

    await eventually(async () => expect(await activityOf(name)).toEqual([]));
    await holder.rollbackTransaction();
    await holder.release();
  });

  it('are not more at once than the database has room for', async () => {
    const name = await aTable([aColumn('a')]);
    const holder = db().createQueryRunner();
    await holder.startTransaction();
    await holder.query(`lock table datasets.${name} in access exclusive mode`);
    const clients = [1, 2, 3, 4].map(() => openExport(name));
    await eventually(async () => expect(await activityOf(name)).toHaveLength(4));

    const { body } = await as().get(`/v1/datasets/${name}/export.csv`).expect(503);

    expect(body).toMatchObject({ code: 'temporary_reduced_capacity', retry_after: 5 });
    await holder.rollbackTransaction();
    await holder.release();
    for (const client of clients) client.destroy();
    await eventually(async () => expect(await csvOf(name)).toBe('a\n'));
  });

  /** A client that asks for an export and reads nothing of it. */
  const openExport = (name: string) => {
    const client = request(`${url()}/v1/datasets/${name}/export.csv`, {
      headers: { authorization: `Bearer ${bootstrapKey}` },
    });
    client.on('response', (response) => response.pause());
    client.on('error', () => undefined);
    client.end();
    return client;
  };

  /** What the connections wait for that export a dataset. */
  const activityOf = async (name: string): Promise<string[]> => {
    const rows: { wait_event: string }[] = await db().query(
      `select wait_event from pg_stat_activity where state = 'active' and starts_with(query, 'copy (') and strpos(query, $1) > 0`,
      [name],
    );
    return rows.map(({ wait_event }) => wait_event);
  };
});
