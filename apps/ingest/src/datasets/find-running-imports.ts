import type { EntityManager } from 'typeorm';
import type { Dataset } from './dataset.entity.js';

/** The ids of imports that read or write the dataset at this moment, or wait for somebody to confirm them. */
export async function findRunningImports(
  tx: EntityManager,
  { tenantId, name }: Pick<Dataset, 'tenantId' | 'name'>,
): Promise<string[]> {
  const rows: { import_id: string }[] = await tx.query(
    `select import_id from import_run
      where tenant_id = $1 and dataset_name = $2 and (ended_at is null or state = 'reverting')
      order by started_at`,
    [tenantId, name],
  );
  return rows.map(({ import_id }) => import_id);
}
