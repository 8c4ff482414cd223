import type { Outgoing } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { databaseTime } from '../../datasets/database-time.js';
import { Dataset } from '../../datasets/dataset.entity.js';
import { tellDataset } from '../../datasets/tell-dataset.js';
import type { ImportRun } from '../import-run.entity.js';

/**
 * Makes the dataset's number of rows have so many of an import, whatever it had of it before, and says what the dataset
 * looks like. Nothing when there is no dataset. The caller saves the import.
 */
export async function countRows(
  tx: EntityManager,
  run: ImportRun,
  rows: number,
): Promise<Outgoing[]> {
  const dataset = await tx.findOne(Dataset, {
    where: { tenantId: run.tenantId, name: run.datasetName },
    lock: { mode: 'pessimistic_write' },
  });
  if (!dataset) return [];
  dataset.rows = Math.max(0, dataset.rows + rows - run.countedRows);
  run.countedRows = rows;
  await tx.save(dataset);
  return [tellDataset(dataset, await databaseTime(tx))];
}
