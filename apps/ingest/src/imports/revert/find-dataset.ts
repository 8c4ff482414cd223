import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';

/**
 * The dataset that an import has filled; null when it was dropped, also when another one has been made under its name
 * since.
 */
export async function findDataset(
  tx: EntityManager,
  { tenantId, datasetName: name, plan }: Pick<ImportRun, 'tenantId' | 'datasetName' | 'plan'>,
): Promise<Dataset | null> {
  const dataset = await tx.findOneBy(Dataset, { tenantId, name });
  if (!dataset) return null;
  const filled = plan?.dataset.madeAt;
  return filled === undefined || filled === (await madeAt(tx, dataset)) ? dataset : null;
}

/** When a dataset was made, as a text that is the same for the same one alone. */
export async function madeAt(
  tx: EntityManager,
  { tenantId, name }: Pick<Dataset, 'tenantId' | 'name'>,
): Promise<string> {
  const [row]: { made: string }[] = await tx.query(
    `select extract(epoch from created_at)::text as made from dataset
      where tenant_id = $1 and name = $2`,
    [tenantId, name],
  );
  if (!row) throw new Error(`There is no dataset ${name}.`);
  return row.made;
}
