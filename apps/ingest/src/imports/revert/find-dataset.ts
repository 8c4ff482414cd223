import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';

/**
 * The dataset that an import has filled; null when it was dropped, also when another one has been made under its name
 * since.
 *
 * Times are compared by the clock of the database, which wrote both: that of a process may be behind it.
 */
export async function findDataset(
  tx: EntityManager,
  { importId, tenantId, datasetName: name }: ImportRun,
): Promise<Dataset | null> {
  const found: unknown[] = await tx.query(
    `select 1 from dataset
      where tenant_id = $1 and name = $2 and created_at <= coalesce(
        greatest(
          (select max(committed_at) from import_chunk where import_id = $3),
          (select max(merged_at) from import_merge where import_id = $3)),
        'infinity')`,
    [tenantId, name, importId],
  );
  return found.length > 0 ? tx.findOneBy(Dataset, { tenantId, name }) : null;
}

/** Tells whether a dataset is there, and has been at a time. */
export async function wasMadeBefore(
  tx: EntityManager,
  { tenantId, name }: Pick<Dataset, 'tenantId' | 'name'>,
  time: Date | null,
): Promise<boolean> {
  const found: unknown[] = await tx.query(
    `select 1 from dataset
      where tenant_id = $1 and name = $2 and created_at <= coalesce($3::timestamptz, 'infinity')`,
    [tenantId, name, time],
  );
  return found.length > 0;
}
