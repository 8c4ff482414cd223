import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';

/** The dataset of an import; null when it was dropped. */
export function findDataset(
  tx: EntityManager,
  { tenantId, datasetName: name }: ImportRun,
): Promise<Dataset | null> {
  return tx.findOneBy(Dataset, { tenantId, name });
}
