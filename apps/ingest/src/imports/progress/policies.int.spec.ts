import {
  ConfirmImport,
  type DatasetColumn,
  ImportHeld,
  ImportProgressed,
  ImportResumed,
  MergeRows,
} from '@offload/contracts';
import { aDatasetName, endOf, importHarness } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
];
const people = { columns, keys: [['id']] };

describe('an import that bears no more than so many rejected rows', () => {
  const { db, importText, rejectionsOf, rowsOf } = importHarness();

  it('aborts at the first bad row, stores nothing, and says which row it was', async () => {
    const { end, importId } = await importText('id,name\n1,a\nx,b\n', {
      columns,
      onError: 'abort',
    });

    expect(end).toMatchObject({
      code: 'row_rejected',
      message:
        'Line 3: “x” is not a whole number. A row was rejected, and the import was asked to stop then. Nothing of the file is stored.',
      totals: { rowsLoaded: 0, rowsCreated: 0, rowsRejected: 1 },
      rejections: [{ code: 'not_a_value', column: 'id', rows: 1, firstLine: 3 }],
    });
    expect(await rejectionsOf(importId)).toHaveLength(1);
    expect(await leftOf(importId)).toEqual({ datasets: 0, tables: 0, turns: 0 });
  });

  it.each(['append', 'upsert', 'replace'] as const)(
    'aborts a %s over a row that the dataset refuses, and leaves the dataset as it was',
    async (mode) => {
      const dataset = aDatasetName();
      await importText('id,name\n1,a\n2,b\n', { dataset, columns, keys: [['id'], ['name']] });
      const before = await rowsOf(dataset);

      const { end } = await importText('id,name\n3,c\n1,z\n5,c\n', {
        dataset,
        mode,
        onError: 'abort',
      });

      expect(end).toMatchObject({ code: 'row_rejected' });
      expect(await rowsOf(dataset)).toEqual(before);
    },
  );

  it('completes when not more is rejected than its limit', async () => {
    const { end, dataset } = await importText('id,name\n1,a\nx,b\n1,c\n4,d\n', {
      ...people,
      rejectLimit: { rows: 2, percent: 50 },
    });

    expect(end).toMatchObject({ rowsCreated: 2, rowsRejected: 2 });
    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  it('fails when more is rejected, by the file and by the dataset together', async () => {
    const { end, importId } = await importText('id,name\n1,a\nx,b\n1,c\n4,d\n', {
      ...people,
      rejectLimit: { rows: 1 },
    });

    expect(end).toMatchObject({
      code: 'reject_limit_exceeded',
      message: '2 rows were rejected, and the limit is 1. Nothing of the file is stored.',
    });
    expect(await rejectionsOf(importId)).toHaveLength(2);
  });

  it('judges a share of the rows by all of them', async () => {
    const rows = Array.from({ length: 99 }, (_, row) => `${row},a`).join('\n');

    const fails = await importText(`id,name\nx,y\n${rows}\n`, {
      columns,
      rejectLimit: { percent: 0.5 },
    });
    const completes = await importText(`id,name\nx,y\n${rows}\n`, {
      columns,
      rejectLimit: { percent: 1 },
    });

    expect(fails.end).toMatchObject({ code: 'reject_limit_exceeded' });
    expect(completes.end).toMatchObject({ rowsCreated: 99 });
  });

  async function leftOf(importId: string): Promise<unknown> {
    const [left]: unknown[] = await db().query(
      `select (select count(*)::int from dataset join import_run on dataset_name = name where import_id = $1::uuid) as datasets,
              (select count(*)::int from pg_tables where schemaname = 'staging' and tablename like '%' || replace($1::text, '-', '')) as tables,
              (select count(*)::int from dataset_turn where import_id = $1::uuid) as turns`,
      [importId],
    );
    return left;
  }
});

describe('a dry run', () => {
  const { db, importText, rejectionsOf, rowsOf } = importHarness();

  it('tells what would become of every row, and stores nothing', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n2,b\n', { dataset, ...people });

    const { end, importId, published } = await importText('id,name\n1,a\n2,z\n3,c\nx,d\n3,e\n', {
      dataset,
      mode: 'upsert',
      dryRun: true,
    });

    expect(end).toMatchObject({
      dryRun: true,
      rowsCreated: 1,
      rowsUpdated: 1,
      rowsUnchanged: 1,
      rowsSkipped: 1,
      rowsRejected: 1,
    });
    expect(await rejectionsOf(importId)).toHaveLength(1);
    expect(await rowsOf(dataset)).toEqual([
      { id: '1', name: 'a' },
      { id: '2', name: 'b' },
    ]);
    expect(published.filter(({ type }) => type.startsWith('ingest.dataset'))).toEqual([]);
  });

  it.each(['append', 'replace', 'upsert'] as const)(
    'makes no dataset that is not there (%s)',
    async (mode) => {
      const { end, dataset } = await importText('id,name\n1,a\n1,b\n', {
        ...people,
        mode,
        dryRun: true,
      });

      expect(end).toMatchObject({ dryRun: true, rowsCreated: 1 });
      expect(
        await db().query(
          `select name from dataset where name = $1 union select tablename from pg_tables where tablename = $1`,
          [dataset],
        ),
      ).toEqual([]);
    },
  );
});

describe('an import that is held for review', () => {
  const { importText, rejectionsOf, rowsOf, run } = importHarness();

  it('waits with its counts, and merges when somebody confirms it', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n', { dataset, ...people });

    const { end, importId, published } = await importText('id,name\n1,z\n2,b\n2,c\nx,d\n', {
      dataset,
      holdForReview: true,
    });
    expect(published.at(-1)).toMatchObject({ type: ImportHeld.type });
    expect(end).toMatchObject({ rowsLoaded: 1, rowsCreated: 1, rowsRejected: 3 });
    expect(await rowsOf(dataset)).toHaveLength(1);
    const rejected = await rejectionsOf(importId);

    const confirmed = await run(ConfirmImport({ importId }));

    expect(confirmed[0]).toMatchObject({ type: ImportResumed.type, payload: { why: 'confirm' } });
    expect(endOf(confirmed)).toMatchObject({ rowsCreated: 1, rowsRejected: 3 });
    expect(await rowsOf(dataset)).toHaveLength(2);
    expect(await rejectionsOf(importId)).toEqual(rejected);
  });

  it('is merged into what the dataset has become meanwhile', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n', { dataset, ...people });
    const { importId } = await importText('id,name\n2,b\n3,c\n', { dataset, holdForReview: true });
    await importText('id,name\n3,x\n', { dataset });

    const confirmed = await run(ConfirmImport({ importId }));

    expect(endOf(confirmed)).toMatchObject({ rowsCreated: 1, rowsRejected: 1 });
    expect((await rowsOf(dataset)).map(({ name }) => name)).toEqual(['a', 'x', 'b']);
  });

  it('can be confirmed once', async () => {
    const { importId } = await importText('id\n1\n', { holdForReview: true });
    await run(ConfirmImport({ importId }));

    expect(endOf(await run(ConfirmImport({ importId })))).toMatchObject({
      action: 'confirm',
      code: 'invalid_state',
      message: 'The import has completed; it cannot be confirmed.',
    });
  });
});

describe('the progress of an import', () => {
  const { importText } = importHarness();

  it('has a bar for each phase, and numbers that only grow', async () => {
    const rows = Array.from({ length: 30_000 }, (_, row) => `${row},name ${row}`).join('\n');

    const { published, end } = await importText(`id,name\n${rows}\n`, people);

    const told = published
      .filter(({ type }) => type === ImportProgressed.type)
      .map(({ payload }) => payload as ImportProgressed);
    expect(told.length).toBeGreaterThan(0);
    expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => index + 1));
    expect(end).toMatchObject({
      sequence: told.length + 1,
      rowsCreated: 30_000,
      phases: [
        { name: 'loading', unit: 'bytes' },
        { name: 'merging', done: 30_000, total: 30_000, unit: 'rows' },
      ],
    });
    expect(published.filter(({ type }) => type === MergeRows.type)).toHaveLength(1);
  });
});
