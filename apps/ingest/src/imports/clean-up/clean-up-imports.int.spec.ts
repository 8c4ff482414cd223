import { gzipSync } from 'node:zlib';
import {
  CancelImport,
  type DatasetColumn,
  LoadChunk,
  RestoreDataset,
  RetryImport,
  RevertImport,
} from '@offload/contracts';
import { testTenant } from '@offload/testing';
import { endOf, importHarness } from '../../../test/import-harness.js';
import { cleanUpImports } from './clean-up-imports.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
];
/** Everything that has ended, has ended before this. */
const isOver = { days: 0 };
const people = { columns, keys: [['id']] };

describe(cleanUpImports.name, () => {
  const { db, files, importText, run, start } = importHarness();

  it('keeps what is needed to restore and revert until its time is over', async () => {
    const { dataset } = await importText('id,name\n1,a\n', people);
    const replacing = await importText('id,name\n1,b\n', { dataset, mode: 'replace' });
    const upsert = await importText('id,name\n1,c\n', { dataset, mode: 'upsert' });

    await cleanUpImports(db(), files, { days: 7 });
    expect(await tablesOf(replacing.importId)).toEqual(['replaced']);
    expect(await tablesOf(upsert.importId)).toEqual(['before']);
    await cleanUpImports(db(), files, isOver);

    expect(await tablesOf(replacing.importId)).toEqual([]);
    expect(await tablesOf(upsert.importId)).toEqual([]);
    const { importId } = upsert;
    expect(endOf(await run(RevertImport({ importId, dryRun: false })))).toMatchObject({
      code: 'too_late',
    });
    expect(await run(RestoreDataset({ dataset, importId: replacing.importId }))).toMatchObject([
      { payload: { code: 'nothing_to_restore' } },
    ]);
  });

  it('keeps what an import has set aside for as long as it may go on', async () => {
    const { importId } = await importText('id,name\n1,a\n', { ...people, holdForReview: true });
    const canceled = await start('id,name\n1,a\n', people);
    await run(canceled, { loses: ({ type }) => type === LoadChunk.type });
    await run(CancelImport({ importId: canceled.payload.importId, keepRows: true }));

    await cleanUpImports(db(), files, { days: 7 });
    expect(await tablesOf(importId)).toEqual(['rows']);
    expect(await tablesOf(canceled.payload.importId)).toEqual(['rows']);
    await cleanUpImports(db(), files, isOver);

    expect(await tablesOf(importId)).toEqual(['rows']);
    expect(await tablesOf(canceled.payload.importId)).toEqual([]);
    expect(endOf(await run(RetryImport({ importId: canceled.payload.importId })))).toMatchObject({
      code: 'too_late',
    });
  });

  it('removes the plain copy of a file when its import has ended, and keeps the file', async () => {
    const packed = gzipSync('id,name\n1,a\n');
    const command = await start(packed, { columns, name: 'a.csv.gz' });
    await run(command);
    const { importId, file } = command.payload;
    const copy = `${testTenant}/${importId}`;
    expect(await files.stat(copy)).toEqual({ size: 12 });

    await cleanUpImports(db(), files, { days: 7 });

    await expect(files.stat(copy)).rejects.toMatchObject({ code: 'storage.file-not-found' });
    expect(await files.stat(file.key)).toEqual({ size: packed.length });
  });

  it('removes what belongs to no import, and nothing else of the schema', async () => {
    await db().query(`create table staging.rows_${'0'.repeat(32)} (n int)`);
    await db().query('create table if not exists staging.somebody_elses (n int)');

    await cleanUpImports(db(), files, { days: 7 });

    const tables: unknown[] = await db().query(
      `select tablename from pg_tables where schemaname = 'staging'
        and tablename in ('rows_${'0'.repeat(32)}', 'somebody_elses')`,
    );
    expect(tables).toEqual([{ tablename: 'somebody_elses' }]);
  });

  async function tablesOf(importId: string): Promise<string[]> {
    const rows: { kind: string }[] = await db().query(
      `select split_part(tablename, '_', 1) as kind from pg_tables
        where schemaname = 'staging' and tablename like '%' || replace($1::text, '-', '') order by 1`,
      [importId],
    );
    return rows.map(({ kind }) => kind);
  }
});
