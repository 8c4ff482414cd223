import { aColumn, anotherTenant, datasetHarness } from '../../test/dataset-harness.js';
import { aDatasetName } from '../../test/import-harness.js';
import { openDataset } from './open-dataset.js';

describe(openDataset.name, () => {
  const { db, insert, open } = datasetHarness();

  it('makes a table for each tenant, whatever the datasets, their indexes and sequences are called', async () => {
    const name = aDatasetName().slice(0, 20);
    const key = [aColumn({ name: 'id', type: 'bigint', nullable: false })];

    const first = await open(key, [['id']], { name });
    const others = [
      await open(key, [['id']], { name, tenantId: anotherTenant() }),
      await open(key, [['id']], { name: `${name}_pkey` }),
      await open(key, [['id']], { name: `${name}__id_seq` }),
    ];

    const tables = [first, ...others].map(({ tableName }) => tableName);
    expect(first.tableName).toBe(name);
    expect(new Set(tables).size).toBe(4);
  });

  it('keeps names of 63 bytes, quotes and all, in columns, rules and keys', async () => {
    const long = [`ä"'${'x'.repeat(59)}`, `ä"'${'x'.repeat(58)}y`];
    const columns = long.map((name) => aColumn({ name, length: { max: 5 } }));

    const dataset = await open(columns, [[long[0] ?? ''], [long[1] ?? ''], long]);
    await insert(dataset, { [long[0] ?? '']: 'a', [long[1] ?? '']: 'b' });

    const [row]: unknown[] = await db().query(`select * from datasets."${dataset.tableName}"`);
    expect(row).toMatchObject({ [long[0] ?? '']: 'a', [long[1] ?? '']: 'b' });
  });

  it('fills generated columns by itself', async () => {
    const dataset = await open([
      aColumn({ name: 'key', type: 'uuid', nullable: false, generated: 'uuid' }),
      aColumn({ name: 'day', type: 'date', nullable: false, generated: 'now' }),
      aColumn({ name: 'at', type: 'timestamptz', nullable: false, generated: 'now' }),
      aColumn({ name: 'name' }),
    ]);

    await insert(dataset, { name: 'Ada' }, { name: 'Grace' });

    const [counts]: unknown[] = await db().query(
      `select count(distinct key)::int as keys, count(day)::int as days, count(at)::int as times
         from datasets."${dataset.tableName}"`,
    );
    expect(counts).toEqual({ keys: 2, days: 2, times: 2 });
  });

  it('notes when somebody other than an import changes a row', async () => {
    const dataset = await open([aColumn({ name: 'name' })]);
    await insert(dataset, { name: 'Ada' }, { name: 'Grace' }, { name: 'Alan' });
    const table = `datasets."${dataset.tableName}"`;

    await db().query(`update ${table} set name = 'Ada L.' where name = 'Ada'`);
    await db().transaction(async (tx) => {
      await tx.query(`select set_config('offload.import_id', gen_random_uuid()::text, true)`);
      await tx.query(`update ${table} set name = 'Grace H.' where name = 'Grace'`);
    });
    // The setting of an ended transaction is an empty text, not gone.
    await db().query(`update ${table} set name = 'Alan T.' where name = 'Alan'`);

    const edited: { name: string }[] = await db().query(
      `select name from ${table} where _edited_at is not null order by name`,
    );
    expect(edited.map(({ name }) => name)).toEqual(['Ada L.', 'Alan T.']);
  });

  it('finds the rows of an import by an index', async () => {
    const dataset = await open([aColumn({ name: 'name' })]);

    const indexes: { indexdef: string }[] = await db().query(
      `select indexdef from pg_indexes where schemaname = 'datasets' and tablename = $1`,
      [dataset.tableName],
    );
    expect(indexes.map(({ indexdef }) => indexdef)).toContainEqual(
      expect.stringMatching(/USING brin \(_import_id\)$/),
    );
  });

  it('tells everything that is wrong before it makes anything, and leaves the transaction usable', async () => {
    const name = aDatasetName();
    const columns = [
      aColumn({ name: '_id' }),
      aColumn({ name: 'code', pattern: '([a-z' }),
      aColumn({ name: 'age', type: 'bigint', range: { min: 'ten' } }),
    ];

    const { problems, tables } = await db().transaction(async (tx) => {
      const refused: unknown = await openDataset(tx, anotherTenant(), name, {
        columns,
        keys: [['nothing']],
      }).catch((error: unknown) => error);
      const found: unknown[] = await tx.query(`select 1 from pg_tables where tablename = $1`, [
        name,
      ]);
      return { ...(refused as { problems: object[] }), tables: found };
    });

    expect(tables).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'reserved_name', path: ['columns', 0, 'name'] },
      { code: 'invalid_bound', path: ['columns', 2, 'range', 'min'] },
      { code: 'unknown_column', path: ['keys', 0, 0] },
      {
        code: 'invalid_pattern',
        message:
          'The pattern of “code” is not a regular expression of PostgreSQL: brackets [] not balanced.',
      },
    ]);
  });

  it('refuses a pattern that PostgreSQL cannot be done with', async () => {
    const endless = `(${'(a?){1,50}'.repeat(40)})\\1`;

    await expect(open([aColumn({ name: 'code', pattern: endless })])).rejects.toMatchObject({
      problems: [{ code: 'invalid_pattern', message: expect.stringContaining('too complex') }],
    });
  });
});
