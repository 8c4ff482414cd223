import { LoadChunk, ReportProgress } from '@offload/contracts';
import { v7 } from 'uuid';
import { aDatasetName, importHarness } from '../../test/import-harness.js';

describe('an import', () => {
  const { db, importFile, importText, rejectionsOf, rowsOf, run } = importHarness();

  it('stores typed rows and says how it went', async () => {
    const { dataset, end, importId } = await importText(
      'id,name,joined,active\n1,Ada,2024-02-29,true\n2,"Grace ""Amazing"" Hopper",,false\n',
    );

    expect(end).toMatchObject({ importId, rowsLoaded: 2, rowsRejected: 0, rejections: [] });
    expect(await rowsOf(dataset)).toEqual([
      { id: '1', name: 'Ada', joined: new Date(2024, 1, 29), active: true },
      { id: '2', name: 'Grace "Amazing" Hopper', joined: null, active: false },
    ]);
  });

  it('quarantines bad rows with line, column, value and reason, and loads the others', async () => {
    const dataset = aDatasetName();
    const columns = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'born', type: 'date', nullable: true },
    ] as const;

    const { end, importId } = await importText(
      'id,born\n1,2024-01-01\nx2,2024-01-02\n3,2024-02-30\n,2024-01-04\n5\n6,2024-01-06,7\n7,"2024\n-01-07"\n8,2024-01-08\n',
      { dataset, columns: [...columns] },
    );

    expect(end).toMatchObject({ rowsLoaded: 2, rowsRejected: 6 });
    expect((await rowsOf(dataset)).map(({ id }) => id)).toEqual(['1', '8']);
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, line: 3, column: 'id', value: 'x2', code: 'not_a_value', raw: 'x2,2024-01-02' },
      { row: 3, line: 4, column: 'born', value: '2024-02-30', code: 'out_of_range' },
      { row: 4, line: 5, column: 'id', value: null, code: 'required' },
      { row: 5, line: 6, column: null, code: 'missing_columns' },
      { row: 6, line: 7, column: null, code: 'too_many_columns' },
      { row: 7, line: 8, column: 'born', raw: '7,"2024\n-01-07"' },
    ]);
  });

  it('asks the database about values that only it can judge', async () => {
    const { end, importId, dataset } = await importText('at\n12/31/2024\n31/12/2024\nepoch\n', {
      columns: [{ name: 'at', type: 'date', nullable: true }],
    });

    expect(end).toMatchObject({ rowsRejected: 3 - (await rowsOf(dataset)).length });
    expect(await rejectionsOf(importId)).toMatchObject([
      { column: 'at', code: 'out_of_range' },
      { column: 'at', code: 'out_of_range' },
    ]);
  });

  it.each([
    ['as the database reads it', '', 0],
    ['record by record', '"3","c"\n', 1],
  ])('takes quoted empty values for null except in texts, %s', async (_, bad, rowsRejected) => {
    const { dataset, end } = await importText(
      `"id","name","born","score"\n"1","","2024-01-01","1.5"\n"","b","",""\n${bad}`,
    );

    expect(end).toMatchObject({ rowsLoaded: 2, rowsRejected });
    expect(await rowsOf(dataset)).toEqual([
      { id: '1', name: '', born: new Date(2024, 0, 1), score: '1.5' },
      { id: null, name: 'b', born: null, score: null },
    ]);
  });

  it('requires more than quotes of a column that must not be empty', async () => {
    const columns = [{ name: 'id', type: 'bigint', nullable: false }] as const;

    const { importId } = await importText('id\n"1"\n""\n', { columns: [...columns] });

    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 2, column: 'id', code: 'required' },
    ]);
  });

  it('appends to a dataset that exists, with its columns in any order', async () => {
    const { dataset } = await importText('a,b\n1,x\n');

    const { end } = await importText('b,a\ny,2\n', { dataset });

    expect(end).toMatchObject({ rowsLoaded: 1 });
    expect(await rowsOf(dataset)).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ]);
  });

  it('refuses a file whose columns do not fit the dataset, in words, and stores nothing', async () => {
    const { dataset } = await importText('name\nAda\n');

    const { end } = await importText('Name\nGrace\n', { dataset });

    expect(end).toMatchObject({
      code: 'columns_do_not_fit',
      message: 'The dataset has no column “Name”. Did you mean “name”?',
    });
    expect(await rowsOf(dataset)).toEqual([{ name: 'Ada' }]);
  });

  it('completes a file that is only a header, and refuses one that is empty', async () => {
    expect((await importFile('header-only.csv')).end).toMatchObject({
      rowsLoaded: 0,
      rowsRejected: 0,
    });
    expect((await importFile('empty.csv')).end).toMatchObject({ code: 'file_empty' });
  });

  it.each([
    ['bom.csv', 0],
    ['crlf.csv', 0],
    ['cr-only.csv', 0],
    ['semicolon.csv', 0],
    ['tab.csv', 0],
    ['quoted-newline.csv', 0],
    ['blank-lines.csv', 0],
    ['end-of-data.csv', 1],
    ['stray-quote.csv', 0],
    ['ragged-rows.csv', 2],
    ['nul-byte.csv', 1],
    ['invalid-utf8.csv', 1],
  ])('accounts for every record of %s', async (name, rejected) => {
    const { dataset, end, importId } = await importFile(name);

    const rows = await rowsOf(dataset);
    expect(end).toMatchObject({ rowsLoaded: rows.length, rowsRejected: rejected });
    expect(rows.length).toBeGreaterThan(0);
    expect(await rejectionsOf(importId)).toHaveLength(rejected);
  });

  it('counts a chunk once, whatever message asks for it', async () => {
    const { importId, published, dataset } = await importText('n\n1\n2\n');
    const chunk = published.find(({ type }) => type === LoadChunk.type);

    await db().query(`update import_run set state = 'loading' where import_id = $1`, [importId]);
    await run(LoadChunk(chunk?.payload as LoadChunk));

    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  it('ends once, however many reports find it complete', async () => {
    const { importId } = await importText('n\n1\n');

    expect(await run(ReportProgress({ importId }))).toEqual([]);
  });

  it('gives up on a chunk of an import that does not exist', async () => {
    const chunk = { number: 0, from: 0, to: 1, firstRow: 1, firstLine: 2, rows: 1, strict: true };

    await expect(run(LoadChunk({ importId: v7(), chunk }))).rejects.toMatchObject({
      code: 'ingest.import-not-found',
    });
  });

  it('loads a file of many chunks completely', async () => {
    const lines = Array.from({ length: 120_000 }, (_, row) => `${row + 1},name ${row},${row / 4}`);

    const { dataset, end, published } = await importText(`id,name,amount\n${lines.join('\n')}\n`);

    const [sums]: unknown[] = await db().query(
      `select count(*)::int as rows, sum(id)::text as ids, count(distinct id)::int as different from datasets."${dataset}"`,
    );
    expect(published.filter(({ type }) => type === LoadChunk.type).length).toBeGreaterThan(3);
    expect(end).toMatchObject({ rowsLoaded: 120_000, rowsRejected: 0 });
    expect(sums).toEqual({
      rows: 120_000,
      ids: String((120_000 * 120_001) / 2),
      different: 120_000,
    });
  });
});
