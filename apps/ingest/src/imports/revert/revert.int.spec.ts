import {
  type DatasetColumn,
  FixRows,
  ImportResumed,
  ImportReverted,
  type Outgoing,
  RestoreDataset,
  RevertImport,
} from '@offload/contracts';
import { v7 } from 'uuid';
import { aDatasetName, endOf, importHarness } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
  { name: 'age', type: 'bigint', nullable: true },
];
const people = { columns, keys: [['id']] };

describe('reverting an import', () => {
  const { db, importText, run, store } = importHarness();

  it('removes what was appended, also without a key', async () => {
    const { dataset } = await importText('id,name,age\n1,a,1\n', { columns });
    const before = await everythingOf(dataset);
    const { importId } = await importText('id,name,age\n2,b,2\n3,c,3\nx,d,4\n', { dataset });

    const published = await revert(importId);

    expect(published[0]).toMatchObject({ type: ImportResumed.type, payload: { why: 'revert' } });
    expect(endOf(published)).toMatchObject({
      rowsRemoved: 2,
      rowsRestored: 0,
      rowsKept: 0,
      totals: { rowsLoaded: 0, rowsCreated: 0, rowsRejected: 1 },
    });
    expect(await everythingOf(dataset)).toEqual(before);
  });

  it('puts back what an upsert has changed, to the last column of ours', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,a,1\n2,b,2\n3,c,3\n', { dataset, ...people });
    await db().query(`update datasets."${dataset}" set age = 22 where id = 2`);
    const before = await everythingOf(dataset);
    const { importId } = await importText('id,name\n1,a\n2,z\n3,y\n4,new\n', {
      dataset,
      mode: 'upsert',
    });

    const published = await revert(importId);

    expect(endOf(published)).toMatchObject({ rowsRemoved: 1, rowsRestored: 2, rowsKept: 0 });
    expect(await everythingOf(dataset)).toEqual(before);
  });

  it('keeps rows that somebody else has changed since, and lists them with the reason', async () => {
    const dataset = aDatasetName();
    await importText('id,name,age\n1,a,1\n2,b,2\n3,c,3\n4,d,4\n', { dataset, ...people });
    const { importId } = await importText('id,name\n1,A\n2,B\n3,C\n4,D\n5,E\n6,F\n7,G\n', {
      dataset,
      mode: 'upsert',
    });
    await db().query(`update datasets."${dataset}" set age = 9 where id in (1, 5)`);
    await db().query(`delete from datasets."${dataset}" where id = 3`);
    await importText('id,name\n2,BB\n6,FF\n', { dataset, mode: 'upsert' });

    const trial = endOf(await run(RevertImport({ importId, dryRun: true })));
    const end = endOf(await revert(importId));

    const counts = { rowsRemoved: 1, rowsRestored: 1, rowsKept: 5 };
    expect(trial).toMatchObject({ dryRun: true, ...counts });
    expect(end).toMatchObject({ dryRun: false, ...counts });
    expect(await namesIn(dataset)).toEqual(['A', 'BB', 'E', 'FF', 'd']);
    expect(await keptOf(importId)).toEqual({
      edited: 2,
      changed_by_import: 2,
      deleted: 1,
    });
  });

  it('changes nothing in a dry run', async () => {
    const { dataset, importId } = await importText('id,name\n1,a\n', people);
    const before = await everythingOf(dataset);

    const published = await run(RevertImport({ importId, dryRun: true }));

    expect(published).toMatchObject([
      { type: ImportReverted.type, payload: { dryRun: true, rowsRemoved: 1 } },
    ]);
    expect(await everythingOf(dataset)).toEqual(before);
    expect(endOf(await revert(importId))).toMatchObject({ rowsRemoved: 1 });
  });

  it('undoes two upserts one after the other, the last one first', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n', { dataset, ...people });
    const before = await everythingOf(dataset);
    const one = await importText('id,name\n1,b\n2,b\n', { dataset, mode: 'upsert' });
    const other = await importText('id,name\n1,c\n2,c\n3,c\n', { dataset, mode: 'upsert' });

    await revert(other.importId);
    await revert(one.importId);

    expect(await everythingOf(dataset)).toEqual(before);
  });

  it('takes back what fixing has added', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n', { dataset, ...people });
    const before = await everythingOf(dataset);
    const { importId } = await importText('id,name\n2,b\nx,c\n', { dataset, mode: 'upsert' });
    const file = await store('id,name,_row\n1,changed,2\n', 'errors.csv');
    await run(FixRows({ importId, fixId: v7(), file }));

    const end = endOf(await revert(importId));

    expect(end).toMatchObject({ rowsRemoved: 1, rowsRestored: 1 });
    expect(await everythingOf(dataset)).toEqual(before);
  });

  it('leaves a row alone that another table needs', async () => {
    const { dataset, importId } = await importText('id,name\n1,a\n2,b\n3,c\n', people);
    const needing = `needing_${dataset}`.slice(0, 60);
    await db().query(`create table ${needing} (of bigint references datasets."${dataset}" (id))`);
    await db().query(`insert into ${needing} values (2)`);

    const end = endOf(await revert(importId));

    expect(end).toMatchObject({ rowsRemoved: 2, rowsKept: 1 });
    expect(await keptOf(importId)).toEqual({ needed_elsewhere: 1 });
    await db().query(`drop table ${needing}`);
  });

  it('of a replaced dataset has its former rows again, and those that others have added since', async () => {
    const dataset = aDatasetName();
    await importText('id,name\n1,a\n2,b\n3,c\n', { dataset, ...people });
    const { importId } = await importText('id,name\n1,x\n7,y\n8,z\n', {
      dataset,
      mode: 'replace',
    });
    await db().query(`update datasets."${dataset}" set name = 'edited' where id = 1`);
    await importText('id,name\n9,added\n', { dataset });

    const trial = endOf(await run(RevertImport({ importId, dryRun: true })));
    const end = endOf(await revert(importId));

    const counts = { rowsRemoved: 2, rowsRestored: 2, rowsKept: 2 };
    expect(trial).toMatchObject(counts);
    expect(end).toMatchObject(counts);
    expect(await namesIn(dataset)).toEqual(['added', 'b', 'c', 'edited']);
    const [told]: unknown[] = await db().query(`select rows::int from dataset where name = $1`, [
      dataset,
    ]);
    expect(told).toEqual({ rows: 4 });
  });

  it('is refused for a dry run, for what is reverted already, and where a later import has replaced everything', async () => {
    const dry = await importText('id,name\n1,a\n', { ...people, dryRun: true });
    const { dataset, importId } = await importText('id,name\n1,a\n', people);
    await revert(importId);
    const replacing = await importText('id,name\n2,b\n', { dataset, mode: 'replace' });
    await importText('id,name\n3,c\n', { dataset, mode: 'replace' });

    expect(endOf(await revert(dry.importId))).toMatchObject({ code: 'nothing_stored' });
    expect(endOf(await revert(importId))).toMatchObject({ code: 'invalid_state' });
    expect(endOf(await revert(replacing.importId))).toMatchObject({ code: 'replaced_since' });
  });

  it('leaves another dataset alone that was made under the same name since', async () => {
    const { dataset, importId } = await importText('id,name\n1,a\n', people);
    const replacing = await importText('id,name\n2,b\n', { dataset, mode: 'replace' });
    await db().query(`drop table datasets."${dataset}"`);
    await db().query('delete from dataset where name = $1', [dataset]);
    await importText('id,name\n1,other\n', { dataset, ...people });

    for (const id of [importId, replacing.importId]) {
      expect(endOf(await revert(id))).toMatchObject({ code: 'dataset_not_found' });
    }
    expect(await run(RestoreDataset({ dataset, importId: replacing.importId }))).toMatchObject([
      { payload: { code: 'nothing_to_restore' } },
    ]);
    expect(await namesIn(dataset)).toEqual(['other']);
  });

  function revert(importId: string): Promise<Outgoing[]> {
    return run(RevertImport({ importId, dryRun: false }));
  }

  /** Every row with all its columns, and what is told of their number. */
  async function everythingOf(dataset: string): Promise<unknown> {
    const rows: unknown[] = await db().query(`select * from datasets."${dataset}" order by _id`);
    const [told]: { rows: string }[] = await db().query(
      'select rows from dataset where name = $1',
      [dataset],
    );
    return { rows, told: told?.rows };
  }

  async function namesIn(dataset: string): Promise<string[]> {
    const rows: { name: string }[] = await db().query(
      `select name from datasets."${dataset}" order by name collate "C"`,
    );
    return rows.map(({ name }) => name);
  }

  async function keptOf(importId: string): Promise<Record<string, number>> {
    const rows: { reason: string; rows: number }[] = await db().query(
      `select reason, count(*)::int as rows from reports.kept_row where import_id = $1 group by 1`,
      [importId],
    );
    return Object.fromEntries(rows.map(({ reason, rows: count }) => [reason, count]));
  }
});
