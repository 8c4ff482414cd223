import type { EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { ImportRun } from '../import-run.entity.js';

/**
 * The dataset that an import has filled; null when it was dropped, also when another one has been made under its name
 * since.
 *
 * The end of an import is told by the clock of a process, the making of a dataset by that of the database, and an import
 * may make its dataset last of all: so a minute is allowed for.
 */
export async function findDataset(
  tx: EntityManager,
  { tenantId, datasetName: name, endedAt }: ImportRun,
): Promise<Dataset | null> {
  const until = endedAt && new Date(endedAt.getTime() + allowedMs);
  const found = await wasMadeBefore(tx, { tenantId, name }, until);
  return found ? tx.findOneBy(Dataset, { tenantId, name }) : null;
}

const allowedMs = 60_000;

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
