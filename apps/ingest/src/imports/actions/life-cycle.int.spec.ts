import {
  CancelImport,
  type DatasetColumn,
  DatasetRefused,
  ImportCanceled,
  ImportResumed,
  LoadChunk,
  MergeRows,
  type Outgoing,
  ReportProgress,
  RestoreDataset,
  RetryImport,
  SplitFile,
  StartImport,
} from '@offload/contracts';
import { v7 } from 'uuid';
import {
  aDatasetName,
  endOf,
  importHarness,
  type ImportWanted,
} from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
];
const people = { columns, keys: [['id']] };
/** Some chunks of half a MiB each. */
const manyRows = Array.from({ length: 20_000 }, (_, row) => `${row},${'name '.repeat(25)}${row}`);
const large = `id,name\n${manyRows.join('\n')}\n`;

describe('canceling an import', () => {
  const { db, importText, run, start } = importHarness();

  it.each<[string, ImportWanted, number]>([
    ['that goes straight into the dataset', { columns }, 2],
    ['that sets rows aside', people, 2],
  ])('%s removes its rows, at the next chunk', async (_, wanted, chunks) => {
    const dataset = await aDatasetWith('id,name\n999999,stays\n', wanted);
    const { command, published } = await startAndStop(dataset, { loaded: chunks });
    expect(published.filter(isChunk)).not.toHaveLength(chunks);

    const canceled = await run(CancelImport({ importId: command.importId, keepRows: false }));

    expect(endOf(canceled)).toMatchObject({ keptRows: false, rowsLoaded: 0, rowsCreated: 0 });
    expect(canceled.at(-1)).toMatchObject({ type: ImportCanceled.type });
    expect(await countsOf(dataset)).toEqual({ rows: 1, told: 1 });
    await run(published.filter(isChunk));
    expect(await countsOf(dataset)).toEqual({ rows: 1, told: 1 });
    expect(await leftOf(command.importId)).toEqual({ tables: 0, turns: 0, chunks: 0 });
  });

  it('keeps the rows of whole chunks when asked to, and can be retried then', async () => {
    const dataset = await aDatasetWith('id,name\n999999,stays\n', { columns });
    const { command } = await startAndStop(dataset, { loaded: 2 });

    const end = endOf(await run(CancelImport({ importId: command.importId, keepRows: true })));
    const kept = Number(end['rowsCreated']);
    expect(kept).toBeGreaterThan(0);
    expect(await countsOf(dataset)).toEqual({ rows: kept + 1, told: kept + 1 });
    const retried = await run(RetryImport({ importId: command.importId }));

    expect(retried[0]).toMatchObject({ type: ImportResumed.type, payload: { why: 'retry' } });
    expect(endOf(retried)).toMatchObject({ rowsCreated: 20_000 });
    expect(await countsOf(dataset)).toEqual({ rows: 20_001, told: 20_001 });
  });

  it('between two parts of a merge puts everything back', async () => {
    const dataset = await aDatasetWith('id,name\n1,stays\n5,old\n', people);
    const { importId } = await mergeHalf(dataset);

    const end = endOf(await run(CancelImport({ importId, keepRows: false })));

    expect(end).toMatchObject({ keptRows: false, rowsCreated: 0, rowsUpdated: 0 });
    expect(await countsOf(dataset)).toEqual({ rows: 2, told: 2 });
    expect(await db().query(`select name from datasets."${dataset}" order by id`)).toEqual([
      { name: 'stays' },
      { name: 'old' },
    ]);
  });

  it('between two parts of a merge keeps what is merged, and merges the rest when it is retried', async () => {
    const dataset = await aDatasetWith('id,name\n1,stays\n5,old\n', people);
    const { importId } = await mergeHalf(dataset);

    const end = endOf(await run(CancelImport({ importId, keepRows: true })));
    const half = await countsOf(dataset);
    expect(end).toMatchObject({ keptRows: true });
    expect(half.rows).toBeGreaterThan(2);
    expect(half.told).toBe(half.rows);
    const retried = endOf(await run(RetryImport({ importId })));

    expect(retried).toMatchObject({ rowsLoaded: 250_000, rowsUpdated: 2 });
    expect(await countsOf(dataset)).toEqual({ rows: 250_000, told: 250_000 });
  });

  it('is remembered for an import that is not known yet', async () => {
    const command = await start('id\n1\n');
    const { importId } = command.payload;

    const canceled = await run(CancelImport({ importId, keepRows: false }));

    expect(endOf(canceled)).toMatchObject({ importId, keptRows: false });
    expect(await run(command)).toEqual([]);
  });

  it('is refused when the import has ended', async () => {
    const { importId } = await importText('id\n1\n');

    expect(endOf(await run(CancelImport({ importId, keepRows: false })))).toMatchObject({
      action: 'cancel',
      code: 'invalid_state',
    });
  });

  async function aDatasetWith(text: string, wanted: ImportWanted): Promise<string> {
    const { dataset } = await importText(text, wanted);
    return dataset;
  }

  /** An import of which so many chunks are loaded, and no more is delivered. */
  async function startAndStop(dataset: string, { loaded }: { loaded: number }) {
    const command = await start(large, { dataset });
    let chunks = 0;
    const published = await run(command, {
      loses: (message) => message.type === LoadChunk.type && ++chunks > loaded,
    });
    return { command: command.payload, published };
  }

  /** An upsert in several parts, of which only the first is merged. */
  async function mergeHalf(dataset: string): Promise<StartImport> {
    const rows = Array.from({ length: 250_000 }, (_, row) => `${row},n`).join('\n');
    const command = await start(`id,name\n${rows}\n`, { dataset, mode: 'upsert' });
    let parts = 0;
    await run(command, { loses: ({ type }) => type === MergeRows.type && ++parts > 1 });
    expect(parts).toBe(2);
    return command.payload;
  }

  async function countsOf(dataset: string): Promise<{ rows: number; told: number }> {
    const [counts]: { rows: number; told: number }[] = await db().query(
      `select (select count(*)::int from datasets."${dataset}") as rows, rows::int as told
         from dataset where name = $1`,
      [dataset],
    );
    return counts ?? { rows: 0, told: 0 };
  }

  async function leftOf(importId: string): Promise<unknown> {
    const [left]: unknown[] = await db().query(
      `select (select count(*)::int from pg_tables where schemaname = 'staging'
                and tablename like '%' || replace($1::text, '-', '')) as tables,
              (select count(*)::int from dataset_turn where import_id = $1::uuid) as turns,
              (select count(*)::int from import_chunk where import_id = $1::uuid) as chunks`,
      [importId],
    );
    return left;
  }
});

describe('retrying an import', () => {
  const { db, importText, rowsOf, run, start } = importHarness();

  it.each<[string, ImportWanted]>([
    ['append', { columns }],
    ['upsert', { ...people, mode: 'upsert' }],
    ['replace', { columns, mode: 'replace' }],
  ])('sends lost chunks of an %s again, and counts none twice', async (_, wanted) => {
    const { dataset } = await importText('id,name\n1,old\n', wanted);
    const command = await start(large, { dataset, mode: wanted.mode ?? 'append' });
    let chunks = 0;
    const lost: Outgoing[] = [];
    await run(command, {
      loses: (message) => {
        const isLost = message.type === LoadChunk.type && ++chunks % 2 === 0;
        if (isLost) lost.push(message);
        return isLost;
      },
    });
    expect(lost.length).toBeGreaterThan(0);

    const retried = await run(RetryImport({ importId: command.payload.importId }));
    await run(lost);

    expect(endOf(retried)).toMatchObject({ rowsLoaded: 20_000 });
    expect(await rowsOf(dataset)).toHaveLength(wanted.mode ? 20_000 : 20_001);
  });

  it.each([SplitFile.type, MergeRows.type, ReportProgress.type])(
    'sends a lost %s again',
    async (type) => {
      const dataset = aDatasetName();
      const command = await start('id,name\n1,a\n2,b\n', { dataset, ...people });
      const published = await run(command, { loses: (message) => message.type === type });
      expect(published.map((message) => message.type)).toContain(type);

      const retried = await run(RetryImport({ importId: command.payload.importId }));

      expect(endOf(retried)).toMatchObject({ rowsCreated: 2 });
      expect(await rowsOf(dataset)).toHaveLength(2);
    },
  );

  it('begins a failed import from the start, under the same id', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n', { dataset, ...people });
    const { importId, end } = await importText('id,name\n2,b\n1,c\n', {
      dataset,
      onError: 'abort',
    });
    expect(end).toMatchObject({ code: 'row_rejected' });
    await db().query(`delete from datasets."${dataset}"`);

    const retried = await run(RetryImport({ importId }));

    expect(endOf(retried)).toMatchObject({ importId, rowsCreated: 2, rowsRejected: 0 });
    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  it('cuts no stretch twice, whatever comes late', async () => {
    const { importId, published, dataset } = await importText('id\n1\n2\n');
    const split = published.find(({ type }) => type === SplitFile.type);

    await db().query(
      `update import_run set state = 'loading', ended_at = null where import_id = $1`,
      [importId],
    );
    await run(SplitFile(split?.payload as SplitFile));

    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  it('is refused for what has completed, and for what was never begun', async () => {
    const { importId } = await importText('id\n1\n');

    expect(endOf(await run(RetryImport({ importId })))).toMatchObject({ code: 'invalid_state' });
    expect(endOf(await run(RetryImport({ importId: v7() })))).toMatchObject({
      action: 'retry',
      code: 'not_started',
    });
  });
});

describe('a file that cannot be read to its end', () => {
  const { db, importText } = importHarness();

  it('leaves no row in the dataset, also of what was read before', async () => {
    const { dataset } = await importText('id,name\n999999,stays\n', { columns });
    const tooLong = 'x'.repeat(9 * 1024 * 1024);

    const { end } = await importText(`${large.repeat(7)}1,${tooLong}\n`, { dataset });

    expect(end).toMatchObject({ code: 'record_too_long', totals: { rowsCreated: 0 } });
    expect(await db().query(`select name from datasets."${dataset}"`)).toEqual([{ name: 'stays' }]);
  });
});

describe('restoring a dataset', () => {
  const { importText, rowsOf, run } = importHarness();

  it('brings back the rows from before, and those from after when asked once more', async () => {
    const { dataset } = await importText('id,name\n1,a\n', people);
    const { importId } = await importText('id,name\n2,b\n3,c\n', { dataset, mode: 'replace' });

    const restored = await run(RestoreDataset({ dataset, importId }));
    expect(restored).toMatchObject([{ payload: { dataset, rows: 1 } }]);
    expect(await rowsOf(dataset)).toEqual([{ id: '1', name: 'a' }]);
    await run(RestoreDataset({ dataset, importId }));

    expect(await rowsOf(dataset)).toHaveLength(2);
  });

  it('is refused when nothing is kept', async () => {
    const { dataset, importId } = await importText('id,name\n1,a\n', people);

    expect(await run(RestoreDataset({ dataset, importId }))).toMatchObject([
      { type: DatasetRefused.type, payload: { action: 'restore', code: 'nothing_to_restore' } },
    ]);
  });
});

function isChunk({ type }: Outgoing): boolean {
  return type === LoadChunk.type;
}
