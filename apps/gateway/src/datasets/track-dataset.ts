import type { EntityManager } from 'typeorm';
import { Dataset } from './dataset.entity.js';

/**
 * Takes over what is to be known of a dataset; one that nobody here has heard of begins as dropped.
 *
 * The lock puts reports that are handled side by side in a row. Must run in the transaction of the delivery or
 * request.
 */
export async function trackDataset(
  tx: EntityManager,
  { tenantId, name }: { tenantId: string; name: string },
  take: (dataset: Dataset) => void,
): Promise<Dataset> {
  await tx.query(
    `insert into dataset (tenant_id, name, state, columns, rows) values ($1, $2, 'dropped', '[]', 0)
     on conflict do nothing`,
    [tenantId, name],
  );
  const dataset = await lockDataset(tx, tenantId, name);
  if (!dataset) throw new Error(`The row of dataset ${name} is gone.`);
  take(dataset);
  return tx.save(dataset);
}

export async function lockDataset(
  tx: EntityManager,
  tenantId: string,
  name: string,
): Promise<Dataset | null> {
  return tx.findOne(Dataset, { where: { tenantId, name }, lock: { mode: 'pessimistic_write' } });
}
