import { workerDatabase } from '@offload/testing';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { checkSchema } from './check-schema.js';
import { databaseOptions, type DatabaseSettings } from './database.module.js';
import { migrate } from './migrate.js';

class First1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table thing (id int)');
  }
  async down(): Promise<void> {}
}
class Second1795000000100 extends First1795000000000 {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table thing add column name text');
  }
}
class ContractThings1795000000200 extends First1795000000000 {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table thing drop column id');
  }
}

describe(checkSchema.name, () => {
  const open: DataSource[] = [];

  const check = async (...known: DatabaseSettings['migrations']): Promise<string | undefined> => {
    const dataSource = new DataSource(databaseOptions(await settings(...known)));
    open.push(await dataSource.initialize());
    return checkSchema(dataSource, 'checked');
  };

  afterEach(async () => {
    await Promise.all(open.splice(0).map((dataSource) => dataSource.destroy()));
  });

  it('refuses a start before anything was migrated, and says how to do it', async () => {
    await expect(check(First1795000000000)).rejects.toMatchObject({
      code: 'platform.unfit-schema',
      message: expect.stringMatching(/have not been made\. .* npm run db:migrate/),
    });
  });

  it('refuses a schema that is older, and works with one that is newer and says so', async () => {
    await migrate(await settings(First1795000000000));
    await expect(check(First1795000000000, Second1795000000100)).rejects.toThrow(
      /older than this version: Second1795000000100 has not run/,
    );

    await migrate(await settings(First1795000000000, Second1795000000100));

    expect(await check(First1795000000000, Second1795000000100)).toBeUndefined();
    expect(await check(First1795000000000)).toMatch(
      /changed by a newer version: Second1795000000100/,
    );
  });

  it('refuses to work with a schema that a newer version has contracted', async () => {
    const known = [First1795000000000, Second1795000000100] as const;
    await migrate(await settings(...known, ContractThings1795000000200));

    await expect(check(...known)).rejects.toThrow(/cannot work with it any more: ContractThings/);
  });
});

const settings = async (
  ...migrations: DatabaseSettings['migrations']
): Promise<DatabaseSettings> => ({
  url: await workerDatabase(),
  schema: 'checked',
  entities: [],
  migrations,
  name: 'spec',
});
