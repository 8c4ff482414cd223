import { randomUUID } from 'node:crypto';
import { parse } from 'papaparse';
import { aStoredImport } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';

interface Rejected {
  row: number;
  fields?: (string | null)[];
  column?: string | null;
  code?: string;
  raw?: string;
  value?: string | null;
  isCut?: boolean;
}

describe('rejected rows', () => {
  const { as, aKey, db } = gatewayHarness();

  beforeAll(async () => {
    await db().query('create schema if not exists reports');
    await db().query(
      `create table if not exists reports.rejected_row (
         import_id uuid not null, "row" bigint not null, line bigint not null, byte_offset bigint not null,
         column_name text, value text, code text not null, message text not null, raw text not null,
         fields text[] not null, is_cut boolean not null default false, primary key (import_id, "row"))`,
    );
    await db().query(
      `create table if not exists reports.kept_row (
         import_id uuid not null, row_id bigint not null, reason text not null,
         primary key (import_id, row_id))`,
    );
  });

  it('are listed page by page in the order of the file, with everything one needs to find them', async () => {
    const id = await anImportOf(['a', 'b'], [{ row: 12 }, { row: 3, value: 'x\ty' }, { row: 7 }]);

    const { body: first } = await as().get(`/v1/imports/${id}/errors?limit=2`).expect(200);
    const { body: second } = await as()
      .get(`/v1/imports/${id}/errors?limit=2&after=${first.next_cursor}`)
      .expect(200);

    expect(first).toMatchObject({ object: 'list', has_more: true, next_cursor: '7' });
    expect(first.data[0]).toEqual({
      row: 3,
      line: 4,
      byte_offset: 30,
      column: 'a',
      value: 'x\ty',
      code: 'cast_error',
      message: '“x” is not a number.',
      raw: 'x,y',
      is_cut: false,
    });
    expect(second).toMatchObject({ has_more: false, next_cursor: null, data: [{ row: 12 }] });
  });

  it('are filtered by code and by column', async () => {
    const id = await anImportOf(
      ['a', 'b'],
      [
        { row: 1, code: 'required', column: 'b' },
        { row: 2, column: 'b' },
        { row: 3, code: 'required', column: null },
      ],
    );
    const rowsOf = async (query: string): Promise<number[]> => {
      const { body } = await as().get(`/v1/imports/${id}/errors?${query}`).expect(200);
      return (body as { data: { row: number }[] }).data.map(({ row }) => row);
    };

    expect(await rowsOf('code=required')).toEqual([1, 3]);
    expect(await rowsOf('column=b')).toEqual([1, 2]);
    expect(await rowsOf('column=b&code=required')).toEqual([1]);
  });

  it('are shown in part when they are very long', async () => {
    const id = await anImportOf(
      ['a'],
      [{ row: 1, raw: 'é'.repeat(100_000), value: 'x'.repeat(5000) }],
    );

    const { body } = await as().get(`/v1/imports/${id}/errors`).expect(200);

    expect(body.data[0].raw).toHaveLength(4000);
    expect(body.data[0].value).toHaveLength(1000);
  });

  it('are a tenant’s own, also as CSV and when nothing was rejected', async () => {
    const id = await anImportOf(['a'], [{ row: 1 }]);
    const none = await anImportOf(['a', 'b'], []);
    const stranger = await aKey();

    for (const path of ['errors', 'errors.csv', 'kept-rows']) {
      await as(stranger).get(`/v1/imports/${id}/${path}`).expect(404);
      await as().get(`/v1/imports/${randomUUID()}/${path}`).expect(404);
    }
    const { text } = await as().get(`/v1/imports/${none}/errors.csv`).expect(200);

    expect(text).toBe('a,b,_row,_error_code,_error\r\n');
  });

  it('come as CSV that gives every field back as it was, however nasty', async () => {
    const nasty = [
      ['', null, ' padded '],
      ['"', '""', 'say "no", she said'],
      ['a,b', 'a;b', 'a\tb'],
      ['two\nlines', 'two\r\nlines', 'old\rmac'],
      ['=HYPERLINK("x")', '+1', '-1'],
      ['ä€😀', '\u202eevil', '\ufeffbom'],
      ['\\', '\\"', "'"],
      ['_row', 'NULL', '\\N'],
      ['one field only'],
      ['far', 'too', 'many', 'fields', ''],
    ];
    const source = ['Name, first', 'Said "what"', 'Größe\n(cm)'];
    const id = await anImportOf(
      source,
      nasty.map((fields, place) => ({ row: place + 1, fields })),
    );

    const answer = await as().get(`/v1/imports/${id}/errors.csv`).expect(200);

    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="errors-${id}.csv"`,
    });
    const [header, ...records] = parse<string[]>(answer.text, { skipEmptyLines: true }).data;
    expect(header).toEqual([...source, '_extra_1', '_extra_2', '_row', '_error_code', '_error']);
    expect(records).toEqual(
      nasty.map((fields, place) => [
        ...Array.from({ length: 5 }, (_, column) => fields[column] ?? ''),
        String(place + 1),
        'cast_error',
        '“x” is not a number.',
      ]),
    );
    expect(answer.text.split('\r\n')[1]).toBe(`"",," padded ",,,1,cast_error,“x” is not a number.`);
  });

  it('come as CSV for a spreadsheet without formulas, and by a filter', async () => {
    const id = await anImportOf(
      ['=a'],
      [
        { row: 1, fields: ['=1+1'] },
        { row: 2, fields: ['-5'] },
        { row: 3, fields: ['x'], code: 'required' },
      ],
    );

    const { text } = await as()
      .get(`/v1/imports/${id}/errors.csv?formulas=escape&code=cast_error`)
      .expect(200);

    expect(text.split('\r\n').map((line) => line.split(',').slice(0, 2))).toEqual([
      [`'=a`, '_row'],
      [`'=1+1`, '1'],
      ['-5', '2'],
      [''],
    ]);
  });

  it('come as CSV over many pages, each once, also when single ones are longer than a page', async () => {
    const id = await anImportOf(['a'], []);
    await db().query(
      `insert into reports.rejected_row
         (import_id, "row", line, byte_offset, code, message, raw, fields)
       select $1, n, n, n, 'c', 'm', '', array[case when n % 400 = 0 then repeat('x', 5000000) else 'v' || n end]
         from generate_series(1, 1201) as n`,
      [id],
    );

    const { text } = await as().get(`/v1/imports/${id}/errors.csv`).expect(200);

    const rows = text.trim().split('\r\n').slice(1);
    expect(rows.map((line) => line.split(',')[1])).toEqual(
      Array.from({ length: 1201 }, (_, place) => String(place + 1)),
    );
    expect(text.length).toBeGreaterThan(15_000_000);
  });

  it('that a revert has kept are listed with the reason', async () => {
    const id = await anImportOf(['a'], []);
    await db().query(
      `insert into reports.kept_row values ($1, 9, 'edited'), ($1, 4, 'edited'), ($1, 12, 'key taken')`,
      [id],
    );

    const { body: first } = await as().get(`/v1/imports/${id}/kept-rows?limit=2`).expect(200);
    const { body: second } = await as()
      .get(`/v1/imports/${id}/kept-rows?limit=2&after=${first.next_cursor}`)
      .expect(200);

    expect(first.data).toEqual([
      { row_id: 4, reason: 'edited' },
      { row_id: 9, reason: 'edited' },
    ]);
    expect(second).toMatchObject({ has_more: false, data: [{ row_id: 12, reason: 'key taken' }] });
  });

  const anImportOf = async (sourceColumns: string[], rejected: Rejected[]): Promise<string> => {
    const { id } = await aStoredImport(db(), { state: 'completed_with_errors', sourceColumns });
    for (const { row, fields = ['x'], isCut = false, ...given } of rejected) {
      await db().query(
        `insert into reports.rejected_row values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          ...[id, row, row + 1, row * 10, given.column === undefined ? 'a' : given.column],
          ...[given.value ?? 'x', given.code ?? 'cast_error', '“x” is not a number.'],
          ...[given.raw ?? 'x,y', fields, isCut],
        ],
      );
    }
    return id;
  };
});
