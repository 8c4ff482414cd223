import { createHash } from 'node:crypto';
import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { createTable } from './dataset-table.js';
import { Dataset } from './dataset.entity.js';
import { InvalidDataset } from './datasets.errors.js';
import { findProblems } from './find-problems.js';
import { lockDataset } from './lock-dataset.js';

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
  { columns, keys }: { columns: DatasetColumn[]; keys: DatasetKey[] },
): Promise<OpenedDataset> {
  await lockDataset(tx, name);
  const existing = await tx.findOneBy(Dataset, { tenantId, name });
  if (existing) return { dataset: existing, isNew: false };

  const problems = await findProblems(tx, { columns, keys });
  if (problems.length > 0) throw new InvalidDataset(problems);
  const tableName = await freeTableName(tx, tenantId, name);
  await tx.query(createTable(tableName, columns, keys));
  const dataset = await tx.save(
    tx.create(Dataset, { tenantId, name, tableName, columns, keys, rows: 0 }),
  );
  return { dataset, isNew: true };
}

/**
 * The dataset's own name, so that people find it with SQL. Another tenant's dataset may have it already, or an
 * index or a sequence of another table, since PostgreSQL keeps them all in one room.
 */
async function freeTableName(tx: EntityManager, tenantId: string, name: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const suffix = createHash('sha256')
      .update(`${tenantId}${attempt || ''}`)
      .digest('hex');
    const candidate = attempt === 0 ? name : `${name.slice(0, 54)}_${suffix.slice(0, 8)}`;
    const taken: unknown[] = await tx.query(
      `select 1 from pg_class where relnamespace = 'datasets'::regnamespace and relname = $1
       union all select 1 from pg_type where typnamespace = 'datasets'::regnamespace and typname = $1`,
      [candidate],
    );
    if (taken.length === 0) return candidate;
  }
}
