import type { DatasetColumn } from '@offload/contracts';
import { aDatasetName, importHarness } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
  { name: 'age', type: 'numeric', nullable: true },
];
const keys = [['id']];
const people = { columns, keys };

describe('an import into a dataset with a key', () => {
  const { db, importText, rejectionsOf, rowsOf } = importHarness();

  it('appends rows in the order of the file and rejects those that meet another, in the dataset or before them', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n', { dataset, ...people });

    const { end, importId } = await importText(
      'id,name,age\n2,Grace,85\n1,Eve,1\n3,Edsger,72\n2,Eve,2\n',
      { dataset },
    );

    expect(end).toMatchObject({
      mode: 'append',
      rowsLoaded: 2,
      rowsCreated: 2,
      rowsRejected: 2,
      rejections: [
        { code: 'not_unique', column: 'id', rows: 1, firstLine: 3 },
        { code: 'duplicate_key_in_file', column: 'id', rows: 1, firstLine: 5 },
      ],
    });
    expect((await rowsOf(dataset)).map(({ name }) => name)).toEqual(['Ada', 'Grace', 'Edsger']);
    expect(await rejectionsOf(importId)).toMatchObject([
      {
        row: 2,
        line: 3,
        column: 'id',
        value: '1',
        message: 'The dataset has a row with the same “id”: 1.',
        raw: '1,Eve,1',
        fields: ['1', 'Eve', '1'],
      },
      { row: 4, line: 5, message: 'Row 1 of the file comes before it with the same “id”: 2.' },
    ]);
  });

  it('upserts: creates, updates, leaves alone what would not change, and takes the last of several', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n2,Grace,85\n3,Edsger,72\n', { dataset, ...people });

    const { end } = await importText(
      'id,name,age\n4,Alan,41\n2,Grace Hopper,85\n3,Edsger,72.0\n4,Alan Turing,41\n5,,\n',
      { dataset, mode: 'upsert' },
    );

    expect(end).toMatchObject({
      rowsLoaded: 5,
      rowsCreated: 2,
      rowsUpdated: 1,
      rowsUnchanged: 1,
      rowsSkipped: 1,
      rowsRejected: 0,
    });
    expect(await rowsOf(dataset)).toEqual([
      { id: '1', name: 'Ada', age: '36' },
      { id: '2', name: 'Grace Hopper', age: '85' },
      { id: '3', name: 'Edsger', age: '72' },
      { id: '4', name: 'Alan Turing', age: '41' },
      { id: '5', name: null, age: null },
    ]);
  });

  it('upserts only the columns that the file has', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n', { dataset, ...people });

    await importText('age,id\n37,1\n9,2\n', { dataset, mode: 'upsert' });

    expect(await rowsOf(dataset)).toEqual([
      { id: '1', name: 'Ada', age: '37' },
      { id: '2', name: null, age: '9' },
    ]);
  });

  it('skips what is there, and all but the first of several', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n', { dataset, ...people });

    const { end } = await importText('id,name,age\n2,Grace,85\n1,Eve,1\n2,Eve,2\n', {
      dataset,
      mode: 'upsert',
      onConflict: 'skip',
    });

    expect(end).toMatchObject({ rowsLoaded: 3, rowsCreated: 1, rowsSkipped: 2, rowsRejected: 0 });
    expect((await rowsOf(dataset)).map(({ name }) => name)).toEqual(['Ada', 'Grace']);
  });

  it('rejects a row without a value in the key that it is merged by', async () => {
    const nullable = columns.map((column) => ({ ...column, nullable: true }));

    const { end, importId } = await importText('id,name\n1,Ada\n,Eve\n', {
      columns: nullable,
      keys,
      mode: 'upsert',
    });

    expect(end).toMatchObject({ rowsLoaded: 1, rowsCreated: 1, rowsRejected: 1 });
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, column: 'id', code: 'required', message: '“id” must not be empty.' },
    ]);
  });

  it('counts each row of a dataset once, however it was made', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n', { dataset, ...people });
    await importText('id,name,age\n1,Ada,37\n2,Grace,1\n', { dataset, mode: 'upsert' });

    expect(await db().query('select rows from dataset where name = $1', [dataset])).toEqual([
      { rows: '2' },
    ]);
  });

  it.each<[string, Parameters<typeof importText>, string]>([
    ['no key', ['id\n1\n', { mode: 'upsert' }], 'To update rows it must be known'],
    [
      'another key than the dataset has',
      ['id,name\n1,a\n', { ...people, mode: 'upsert', key: ['name'] }],
      'The dataset has no key of “name”. It has: “id”.',
    ],
    [
      'a key that the file does not fill',
      [
        'name\na\n',
        { ...people, columns: columns.map((c) => ({ ...c, nullable: true })), mode: 'upsert' },
      ],
      'Rows are told apart by “id”, which the file does not fill.',
    ],
  ])('refuses to upsert by %s', async (_, given, message) => {
    const { end } = await importText(...given);

    expect(end['message']).toContain(message);
  });

  it('makes the key of an upsert the key of a dataset that it makes', async () => {
    const { dataset } = await importText('id,name\n1,a\n1,b\n', { mode: 'upsert', key: ['id'] });

    expect(await rowsOf(dataset)).toEqual([{ id: '1', name: 'b' }]);
    expect(await db().query('select keys from dataset where name = $1', [dataset])).toEqual([
      { keys: [['id']] },
    ]);
  });
});

describe('an import into a dataset with several keys', () => {
  const { db, importText, rejectionsOf, rowsOf } = importHarness();
  const twoKeys = { columns, keys: [['id'], ['name']] };

  it('appends one row after the other, and lets a row be whose rival was rejected itself', async () => {
    const { importId, dataset, end } = await importText(
      'id,name\n1,a\n1,b\n2,b\n3,a\n4,c\n',
      twoKeys,
    );

    expect(end).toMatchObject({ rowsCreated: 3, rowsRejected: 2 });
    expect((await rowsOf(dataset)).map(valuesOf)).toEqual(['1a', '2b', '4c']);
    expect((await rejectionsOf(importId)).map(({ row, column }) => [row, column])).toEqual([
      [2, 'id'],
      [4, 'name'],
    ]);
  });

  it('upserts by one of them, and rejects a row that meets another row in the other', async () => {
    const { dataset } = await importText('id,name,age\n1,a,1\n2,b,2\n3,c,3\n', twoKeys);

    const { end, importId } = await importText(
      'id,name,age\n1,z,10\n2,c,20\n4,b,40\n5,d,50\n3,c,30\n',
      { dataset, mode: 'upsert', key: ['id'] },
    );

    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, column: 'name', code: 'not_unique', value: 'c' },
      { row: 3, column: 'name', code: 'not_unique', value: 'b' },
    ]);
    expect(end).toMatchObject({ rowsCreated: 1, rowsUpdated: 2, rowsRejected: 2 });
    expect((await rowsOf(dataset)).map(valuesOf)).toEqual(['1z10', '2b2', '3c30', '5d50']);
  });

  it('skips by the key of the upsert alone', async () => {
    const { dataset } = await importText('id,name\n1,a\n2,b\n', twoKeys);

    const { end, importId } = await importText('id,name\n1,x\n3,b\n4,d\n', {
      dataset,
      mode: 'upsert',
      key: ['id'],
      onConflict: 'skip',
    });

    expect(end).toMatchObject({ rowsCreated: 1, rowsSkipped: 1, rowsRejected: 1 });
    expect(await rejectionsOf(importId)).toMatchObject([{ row: 2, column: 'name' }]);
  });

  it('tells of a rule that somebody has added with SQL, in the same form', async () => {
    const { dataset } = await importText('id,name\n1,a\n', twoKeys);
    await db().query(
      `alter table datasets."${dataset}" add constraint short check (length(name) < 3)`,
    );

    const { end, importId } = await importText('id,name\n2,bb\n3,ccc\n4,dd\n', { dataset });

    expect(end).toMatchObject({ rowsCreated: 2, rowsRejected: 1 });
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, line: 3, code: 'refused_by_database', raw: '3,ccc' },
    ]);
  });

  it('rejects a key that is too long for an index', async () => {
    const long = Array.from({ length: 6000 }, (_, place) => ((place * 7919) % 9973).toString(36));

    const { end, importId } = await importText(`id,name\n1,a\n2,${long.join('')}\n3,c\n`, twoKeys);

    expect(end).toMatchObject({ rowsCreated: 2, rowsRejected: 1 });
    expect(await rejectionsOf(importId)).toMatchObject([{ row: 2, code: 'too_large' }]);
  });
});

describe('an import that replaces a dataset', () => {
  const { db, importText, rejectionsOf, rowsOf } = importHarness();

  it('has the rows of the file and no others, and keeps those from before', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n2,Grace,85\n', { dataset, ...people });

    const { end, importId } = await importText('id,name\n7,Alan\n8,Edsger\n7,Eve\n', {
      dataset,
      mode: 'replace',
    });

    expect(end).toMatchObject({ mode: 'replace', rowsCreated: 2, rowsRejected: 1 });
    expect(await rowsOf(dataset)).toEqual([
      { id: '7', name: 'Alan', age: null },
      { id: '8', name: 'Edsger', age: null },
    ]);
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 3, line: 4, column: 'id', code: 'duplicate_key_in_file' },
    ]);
    const [kept]: { table_name: string; rows: string }[] = await db().query(
      'select table_name, rows from replaced_table where import_id = $1',
      [importId],
    );
    expect(kept?.rows).toBe('2');
    expect(
      await db().query(`select count(*)::int as rows from staging."${kept?.table_name}"`),
    ).toEqual([{ rows: 2 }]);
  });

  it('leaves a table that is like one that was never replaced', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,Ada,36\n', { dataset, ...people });
    const before = await shapeOf(dataset);

    await importText('id,name,age\n1,Ada,36\n', { dataset, mode: 'replace' });
    await importText('id,name,age\n1,Ada,36\n', { dataset, mode: 'replace' });

    expect(await shapeOf(dataset)).toEqual(before);
    await db().query(`update datasets."${dataset}" set age = 37`);
    await importText('id,name,age\n2,Grace,1\n', { dataset });
    const [row]: { id: string; edited: boolean }[] = await db().query(
      `select id, _edited_at is not null as edited from datasets."${dataset}" order by _id limit 1`,
    );
    expect(row).toEqual({ id: '1', edited: true });
  });

  it('lets those read the table who could read it before', async () => {
    const dataset = aDatasetName();
    const role = `reader_${dataset}`;
    await importText('n\n1\n', { dataset });
    await db().query(`create role ${role}`);
    await db().query(`grant select on datasets."${dataset}" to ${role}, public`);

    await importText('n\n2\n', { dataset, mode: 'replace' });

    const [may]: unknown[] = await db().query(
      `select has_table_privilege($1, $2, 'select') as reads, has_table_privilege($1, $2, 'insert') as writes`,
      [role, `datasets."${dataset}"`],
    );
    await db().query(`drop owned by ${role}`);
    await db().query(`drop role ${role}`);
    expect(may).toEqual({ reads: true, writes: false });
  });

  it('empties a dataset with a file that is only a header', async () => {
    const { dataset } = await importText('n\n1\n2\n');

    const { end } = await importText('n\n', { dataset, mode: 'replace' });

    expect(end).toMatchObject({ rowsCreated: 0, rowsRejected: 0 });
    expect(await rowsOf(dataset)).toEqual([]);
    expect(await db().query('select rows from dataset where name = $1', [dataset])).toEqual([
      { rows: '0' },
    ]);
  });

  it('makes a dataset that is not there', async () => {
    const { dataset, end } = await importText('id,name\n1,a\n1,b\n', {
      columns: columns.slice(0, 2),
      keys,
      mode: 'replace',
    });

    expect(end).toMatchObject({ rowsCreated: 1, rowsRejected: 1 });
    expect(await rowsOf(dataset)).toEqual([{ id: '1', name: 'a' }]);
  });

  /** Everything that tells one table from another but its rows. */
  async function shapeOf(dataset: string): Promise<unknown> {
    return db().query(
      `select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::regtype, 'required', a.attnotnull,
                'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity) order by a.attnum) as columns,
              (select json_agg(pg_get_indexdef(indexrelid) order by pg_get_indexdef(indexrelid))
                 from pg_index where indrelid = $1::regclass and not indisprimary) as indexes,
              (select count(*)::int from pg_index where indrelid = $1::regclass and indisprimary) as primary_keys,
              (select json_agg(tgname) from pg_trigger where tgrelid = $1::regclass) as triggers,
              (select json_agg(pg_get_constraintdef(oid) order by conname) from pg_constraint
                where conrelid = $1::regclass and contype = 'c') as checks
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = $1::regclass and a.attnum > 0`,
      [`datasets."${dataset}"`],
    );
  }
});

function valuesOf(row: Record<string, unknown>): string {
  return Object.values(row).join('');
}
