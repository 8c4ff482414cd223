import { createHash } from 'node:crypto';
import type { DatasetColumn } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { createTable } from './dataset-table.js';
import { Dataset } from './dataset.entity.js';

export interface OpenedDataset {
  dataset: Dataset;
  isNew: boolean;
}

/**
 * Answers a tenant's dataset of this name, with a table; makes both from `columns` if there is none.
 *
 * Must run in a transaction. Two imports that make the same dataset at once wait for each other, and
 * the second finds what the first has made.
 */
export async function openDataset(
  tx: EntityManager,
  tenantId: string,
  name: string,
  columns: DatasetColumn[],
): Promise<OpenedDataset> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`dataset ${name}`]);
  const existing = await tx.findOneBy(Dataset, { tenantId, name });
  if (existing) return { dataset: existing, isNew: false };

  const tableName = await freeTableName(tx, tenantId, name);
  await tx.query(createTable(tableName, columns));
  const dataset = await tx.save(
    tx.create(Dataset, { tenantId, name, tableName, columns, rows: 0 }),
  );
  return { dataset, isNew: true };
}

/** The dataset's own name, so that people find it with SQL; another tenant's dataset may have it already. */
async function freeTableName(tx: EntityManager, tenantId: string, name: string): Promise<string> {
  const taken: unknown[] = await tx.query(
    `select 1 from pg_tables where schemaname = 'datasets' and tablename = $1`,
    [name],
  );
  if (taken.length === 0) return name;
  const suffix = createHash('sha256').update(tenantId).digest('hex').slice(0, 8);
  return `${name.slice(0, 54)}_${suffix}`;
}
