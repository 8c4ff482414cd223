import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import { openDataset } from '../../datasets/open-dataset.js';
import type { ImportRun } from '../import-run.entity.js';

/**
 * The dataset that an import fills, made when there is none yet. Must run in a transaction.
 *
 * One that is there is not locked: nobody changes or drops a dataset while an import has not ended.
 */
export async function openTarget(
  tx: EntityManager,
  { tenantId, datasetName: name, resolved }: ImportRun,
): Promise<Dataset> {
  const existing = await tx.findOneBy(Dataset, { tenantId, name });
  if (existing) return existing;
  const { columns, keys } = resolved.dataset;
  const { dataset } = await openDataset(tx, tenantId, name, { columns, keys });
  return dataset;
}
