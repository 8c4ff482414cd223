import { databaseOptions, migrate } from '@offload/platform';
import { workerDatabase } from '@offload/testing';
import { DataSource } from 'typeorm';
import { database } from '../../database/database.js';
import { allowIdling, withBulkStatements } from './import-settings.js';

describe('a transaction of an import', () => {
  let db: DataSource;

  beforeAll(async () => {
    const settings = database(await workerDatabase());
    await migrate(settings);
    const impatient = {
      ...settings,
      statementTimeoutMs: 200,
      silenceMs: 100,
      idleTransactionTimeoutMs: 100,
    };
    db = await new DataSource(databaseOptions(impatient)).initialize();
  });

  afterAll(() => db.destroy());

  it('lets statements take longer than all others, also where they are silent for long', async () => {
    const slept: unknown[] = await db.transaction((tx) =>
      withBulkStatements(tx, () => tx.query('select pg_sleep(0.6)')),
    );

    expect(slept).toHaveLength(1);
  });

  it('leaves the connection as it was, also when they fail', async () => {
    await expect(
      db.transaction((tx) => withBulkStatements(tx, () => tx.query('select 1 / 0'))),
    ).rejects.toThrow('division by zero');

    await expect(db.transaction((tx) => tx.query('select pg_sleep(1)'))).rejects.toThrow(
      'statement timeout',
    );
  });

  it('lets a transaction do nothing while a file is read, and no other', async () => {
    const idle = async (): Promise<void> => {
      for (let time = 0; time < 3; time++) await db.query('select pg_sleep(0.1)');
    };

    const kept = await db.transaction(async (tx) => {
      await allowIdling(tx);
      await idle();
      return tx.query('select 1 as one');
    });

    expect(kept).toEqual([{ one: 1 }]);
    await expect(
      db.transaction(async (tx) => {
        await tx.query('select 1');
        await idle();
        await tx.query('select 1');
      }),
    ).rejects.toThrow(/released|terminat|clos/i);
  });
});
