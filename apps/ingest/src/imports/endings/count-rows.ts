import { DatasetChanged, type Outgoing } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';

/**
 * Makes the dataset's number of rows have so many of an import, whatever it had of it before, and says what the dataset
 * looks like. Nothing when there is no dataset. The caller saves the import.
 */
export async function countRows(
  tx: EntityManager,
  run: ImportRun,
  rows: number,
  now: Date,
): Promise<Outgoing[]> {
  const dataset = await tx.findOne(Dataset, {
    where: { tenantId: run.tenantId, name: run.datasetName },
    lock: { mode: 'pessimistic_write' },
  });
  if (!dataset) return [];
  dataset.rows = Math.max(0, dataset.rows + rows - run.countedRows);
  run.countedRows = rows;
  await tx.save(dataset);
  return [
    DatasetChanged({
      dataset: dataset.name,
      table: dataset.tableName,
      columns: dataset.columns,
      keys: dataset.keys,
      rows: dataset.rows,
      changedAt: now.toISOString(),
    }),
  ];
}
