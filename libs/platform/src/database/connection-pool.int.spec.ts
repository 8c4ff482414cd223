import { workerDatabase } from '@offload/testing';
import { DataSource } from 'typeorm';
import { poolCounts } from './connection-pool.js';
import { databaseOptions } from './database.module.js';

describe(poolCounts.name, () => {
  const opened: DataSource[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.destroy();
  });

  it('counts nobody as waiting whom an idle connection is about to be handed to', async () => {
    const dataSource = await aPool(1);
    await dataSource.query('select 1');

    const asked = dataSource.query('select 1');

    expect(poolCounts(dataSource)).toMatchObject({ inUse: 0, idle: 1, waiting: 0 });
    await asked;
  });

  it('counts who waits until a connection is given back', async () => {
    const dataSource = await aPool(1);
    const holder = dataSource.createQueryRunner();
    await holder.query('select 1');

    const asked = dataSource.query('select 1');

    expect(poolCounts(dataSource)).toMatchObject({ inUse: 1, idle: 0, waiting: 1 });
    await holder.release();
    await asked;
  });

  async function aPool(poolSize: number): Promise<DataSource> {
    const dataSource = new DataSource(
      databaseOptions({
        url: await workerDatabase(),
        schema: 'public',
        entities: [],
        migrations: [],
        name: 'pool',
        poolSize,
      }),
    );
    opened.push(dataSource);
    return dataSource.initialize();
  }
});
