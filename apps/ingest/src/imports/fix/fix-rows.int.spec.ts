import {
  type DatasetColumn,
  FixRows,
  ImportCompleted,
  ImportResumed,
  type Outgoing,
} from '@offload/contracts';
import { v7 } from 'uuid';
import { endOf, importHarness, type ImportWanted } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true, pattern: '^[a-z ]*$' },
  { name: 'age', type: 'bigint', nullable: true, range: { min: 0, max: 150 } },
];
const people = { columns, keys: [['id']] };

describe('fixing rejected rows', () => {
  const { db, importText, rejectionsOf, rowsOf, run, store } = importHarness();

  it.each<[string, ImportWanted]>([
    ['appended', { columns }],
    ['appended by a key', people],
    ['upserted', { ...people, mode: 'upsert' }],
  ])('completes the report of rows that were %s', async (_, wanted) => {
    const { importId, dataset, end } = await importText(
      'id,name,age\n1,ada,36\nx2,grace,85\n3,Alan,41\n4,edsger,720\n5,barbara\n',
      wanted,
    );
    expect(end).toMatchObject({ rowsLoaded: 1, rowsRejected: 4 });

    const published = await run(
      await aFix(
        importId,
        'id,name,age,_row,_error_code,_error\n2,grace,85,2,not_a_value,…\n4,edsger,721,4,,\n5,barbara,68,5,,\n',
      ),
    );

    expect(published[0]).toMatchObject({ type: ImportResumed.type, payload: { why: 'fix' } });
    expect(endOf(published)).toMatchObject({
      rowsLoaded: 3,
      rowsCreated: 3,
      rowsRejected: 2,
      rejections: [
        { code: 'pattern', column: 'name', rows: 1, firstLine: 4 },
        { code: 'out_of_range', column: 'age', rows: 1, firstLine: 5 },
      ],
    });
    expect((await rowsOf(dataset)).map(({ id }) => id)).toEqual(['1', '2', '5']);
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 3, line: 4, raw: '3,Alan,41' },
      { row: 4, line: 5, code: 'out_of_range', value: '721', fields: ['4', 'edsger', '721'] },
    ]);
    expect(await db().query('select rows from dataset where name = $1', [dataset])).toEqual([
      { rows: '3' },
    ]);
  });

  it('is done again and again until nothing is rejected', async () => {
    const { importId, dataset } = await importText('id,name,age\nx,a,1\ny,b,2\n', people);
    await run(await aFix(importId, 'id,name,age,_row\n1,a,1,1\n'));

    const published = await run(await aFix(importId, 'id,name,age,_row\n2,b,2,2\n'));

    expect(endOf(published)).toMatchObject({ rowsLoaded: 2, rowsRejected: 0, rejections: [] });
    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  it('rejects a corrected row again that meets another one, with the reason that it has now', async () => {
    const { importId } = await importText('id,name,age\n1,a,1\nx,b,2\n', people);

    const published = await run(await aFix(importId, 'id,name,age,_row\n1,b,2,2\n'));

    expect(endOf(published)).toMatchObject({ rowsLoaded: 1, rowsRejected: 1 });
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, line: 3, code: 'not_unique', raw: '1,b,2' },
    ]);
  });

  it('updates by the rules of an upsert', async () => {
    const { importId, dataset } = await importText('id,name,age\n1,a,1\n1,B,2\n', {
      ...people,
      mode: 'upsert',
    });

    const published = await run(await aFix(importId, 'id,name,age,_row\n1,b,2,2\n'));

    expect(endOf(published)).toMatchObject({ rowsCreated: 1, rowsUpdated: 1, rowsRejected: 0 });
    expect(await rowsOf(dataset)).toEqual([{ id: '1', name: 'b', age: '2' }]);
  });

  it('takes a list that was saved in another dialect and encoding, with its columns in another order', async () => {
    const { importId, dataset } = await importText('id,name\nx,a\n', {
      columns: [columns[0], { name: 'name', type: 'text', nullable: true }] as DatasetColumn[],
    });
    const list = Buffer.from('\ufeff_row;name;id;_error\r\n1;Zoë;7;\r\n', 'utf16le');

    const published = await run(await aFix(importId, list));

    expect(endOf(published)).toMatchObject({ rowsRejected: 0 });
    expect(await rowsOf(dataset)).toEqual([{ id: '7', name: 'Zoë' }]);
  });

  it('reads values as the import does', async () => {
    const { importId, dataset } = await importText('id;price\n1;2,5\n2;x\n', {
      columns: [
        { name: 'id', type: 'bigint', nullable: false },
        { name: 'price', type: 'numeric', nullable: true },
      ],
      values: { decimal: ',' },
    });

    await run(await aFix(importId, 'id,price,_row\n2,"1,75",2\n'));

    expect((await rowsOf(dataset)).map(({ price }) => price)).toEqual(['2.5', '1.75']);
  });

  it('takes what a row has beyond the columns for what it is, and leaves rows that are not listed whole', async () => {
    const { importId, dataset } = await importText(
      'id,name,age\n1,a,1,x\n2,b,2,y,z\n3,c,3,\nx,d,4\n',
      people,
    );

    const published = await run(
      await aFix(
        importId,
        'id,name,age,_extra_1,_extra_2,_row,_error_code,_error\n1,a,1,,,1,,\n2,b,2,y,z,2,,\n,,,,,,too_long,…\n',
      ),
    );

    expect(endOf(published)).toMatchObject({ rowsCreated: 1, rowsRejected: 3 });
    expect(await rowsOf(dataset)).toEqual([{ id: '1', name: 'a', age: '1' }]);
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, code: 'too_many_columns', fields: ['2', 'b', '2', 'y', 'z'] },
      { row: 3, code: 'too_many_columns' },
      { row: 4, code: 'not_a_value' },
    ]);
  });

  it.each([
    ['a row that is not rejected', 'id,name,age,_row\n1,a,1,1\n', 'unknown_row'],
    ['a row that never was', 'id,name,age,_row\n1,a,1,99\n', 'unknown_row'],
    ['a row without its number', 'id,name,age,_row\n2,a,1,\n', 'unknown_row'],
    ['a row twice', 'id,name,age,_row\n2,a,1,2\n3,a,1,2\n', 'repeated_row'],
    ['no column of row numbers', 'id,name,age\n2,a,1\n', 'missing_column'],
    ['not all columns of the file', 'id,name,_row\n2,a,2\n', 'missing_column'],
    [
      'a column that the file does not have',
      'id,name,age,_row,more\n2,a,1,2,x\n',
      'unknown_column',
    ],
    ['no rows', 'id,name,age,_row\n', 'no_rows'],
    ['nothing at all', '', 'file_empty'],
  ])('refuses a list with %s, and leaves everything as it was', async (_, list, code) => {
    const { importId, dataset } = await importText('id,name,age\n1,a,1\nx,b,2\n', people);

    const published = await run(await aFix(importId, list));

    expect(published).toMatchObject([
      { payload: { importId, action: 'fix', code, message: expect.any(String) } },
    ]);
    expect(await rowsOf(dataset)).toHaveLength(1);
    expect(await rejectionsOf(importId)).toHaveLength(1);
  });

  it('does nothing when the same list comes twice', async () => {
    const { importId, dataset } = await importText('id,name,age\nx,a,1\n', people);
    const fix = await aFix(importId, 'id,name,age,_row\n1,a,1,1\n');
    await run(fix);

    expect(await run(fix)).toEqual([]);
    expect(await rowsOf(dataset)).toHaveLength(1);
  });

  it('waits for another import that has the dataset', async () => {
    const { importId, dataset } = await importText('id,name,age\nx,a,1\n', people);
    const { importId: other } = await importText('id,name,age\n9,z,9\n', { dataset }, stopsAtMerge);
    const first = await run(await aFix(importId, 'id,name,age,_row\n1,a,1,1\n'));
    expect(first.map(({ type }) => type)).not.toContain(ImportCompleted.type);

    const rest = await run(mergesOf(other));

    expect(rest.filter(({ type }) => type === ImportCompleted.type)).toMatchObject([
      { payload: { importId: other } },
      { payload: { importId, rowsRejected: 0 } },
    ]);
    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  async function aFix(importId: string, list: string | Buffer): Promise<Outgoing> {
    return FixRows({ importId, fixId: v7(), file: await store(list, 'errors.csv') });
  }

  const stopped: Outgoing[] = [];
  const stopsAtMerge = {
    loses: (message: Outgoing): boolean => {
      const isLost = message.type === 'ingest.merge-rows.v1';
      if (isLost) stopped.push(message);
      return isLost;
    },
  };
  const mergesOf = (id: string): Outgoing[] =>
    stopped.filter(({ subject }) => subject === `import:${id}`);
});
