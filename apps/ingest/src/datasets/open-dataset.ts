import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { Dataset } from './dataset.entity.js';
import { lockDataset } from './lock-dataset.js';
import { makeDataset } from './make-dataset.js';

export interface OpenedDataset {
  dataset: Dataset;
  isNew: boolean;
}

/**
 * Answers a tenant's dataset of this name, with a table; makes both from the declaration if there is none.
 *
 * Must run in a transaction. Two imports that make the same dataset at once wait for each other, and
 * the second finds what the first has made. Throws InvalidDataset, with everything that is wrong with the
 * declaration of one that would have to be made, and leaves the transaction as it was.
 */
export async function openDataset(
  tx: EntityManager,
  tenantId: string,
  name: string,
  shape: { columns: DatasetColumn[]; keys: DatasetKey[] },
): Promise<OpenedDataset> {
  await lockDataset(tx, name);
  const existing = await tx.findOneBy(Dataset, { tenantId, name });
  if (existing) return { dataset: existing, isNew: false };
  return { dataset: await makeDataset(tx, tenantId, name, shape), isNew: true };
}
