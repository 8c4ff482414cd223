import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';
import { stagingName } from '../staging/staging-table.js';
import { exchangeTables } from './exchange-tables.js';

/**
 * Puts the table that an import has filled in the place of the dataset's, which is kept until its retention is over.
 * `rows` are those that the new one has.
 */
export async function swapIn(
  tx: EntityManager,
  run: ImportRun,
  dataset: Dataset,
  rows: number,
): Promise<void> {
  const outgoing = stagingName('replaced', run.importId);
  await exchangeTables(tx, dataset.tableName, {
    incoming: stagingName('rows', run.importId),
    outgoing,
  });
  await tx.query(
    `insert into replaced_table (import_id, tenant_id, dataset_name, table_name, columns, keys, rows, holds)
     values ($1, $2, $3, $4, $5, $6, $7, 'before')`,
    [
      run.importId,
      dataset.tenantId,
      dataset.name,
      outgoing,
      JSON.stringify(dataset.columns),
      JSON.stringify(dataset.keys),
      dataset.rows,
    ],
  );
  dataset.rows = rows;
  await tx.save(dataset);
}
