import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import { databaseOptions, migrate } from '@offload/platform';
import { testTenant, workerDatabase } from '@offload/testing';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { database } from '../src/database/database.js';
import { IMPORT_ID_SETTING } from '../src/datasets/dataset-table.js';
import type { Dataset } from '../src/datasets/dataset.entity.js';
import { openDataset } from '../src/datasets/open-dataset.js';
import { aDatasetName } from './import-harness.js';

export const anImportId = '0198d0e4-0000-7000-8000-00000000000a';

/** Opens datasets on a real, migrated database. Call it inside `describe`. */
export function datasetHarness() {
  let dataSource: DataSource;

  beforeAll(async () => {
    const settings = database(await workerDatabase());
    await migrate(settings);
    dataSource = await new DataSource(databaseOptions(settings)).initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
  });

  const open = async (
    columns: DatasetColumn[],
    keys: DatasetKey[] = [],
    { name = aDatasetName(), tenantId = testTenant } = {},
  ): Promise<Dataset> =>
    dataSource.transaction(async (tx) => {
      const { dataset } = await openDataset(tx, tenantId, name, { columns, keys });
      return dataset;
    });

  return {
    db: (): DataSource => dataSource,
    open,
    /** Stores rows as an import does. */
    insert: async (
      { tableName }: Dataset,
      ...rows: Record<string, string | null>[]
    ): Promise<void> => {
      await dataSource.transaction(async (tx) => {
        await tx.query(`select set_config($1, $2, true)`, [IMPORT_ID_SETTING, anImportId]);
        for (const row of rows) {
          const names = Object.keys(row).map((name) => `"${name.replaceAll('"', '""')}"`);
          const places = names.map((_, index) => `$${index + 1}`);
          await tx.query(
            names.length === 0
              ? `insert into datasets."${tableName}" default values`
              : `insert into datasets."${tableName}" (${names.join(', ')}) values (${places.join(', ')})`,
            Object.values(row),
          );
        }
      });
    },
  };
}

export function aColumn(column: Partial<DatasetColumn> & { name: string }): DatasetColumn {
  return { type: 'text', nullable: true, ...column };
}

export function anotherTenant(): string {
  return v7();
}
