import { createHash } from 'node:crypto';
import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { createTable } from './dataset-table.js';
import { Dataset } from './dataset.entity.js';
import { InvalidDataset } from './datasets.errors.js';
import { findProblems } from './find-problems.js';

/**
 * Makes a dataset that is not there yet, and its table.
 *
 * Must run in a transaction that holds `lockDataset`. Throws InvalidDataset, with everything that is wrong with
 * the declaration, before anything is made.
 */
export async function makeDataset(
  tx: EntityManager,
  tenantId: string,
  name: string,
  { columns, keys }: { columns: DatasetColumn[]; keys: DatasetKey[] },
): Promise<Dataset> {
  const problems = await findProblems(tx, { columns, keys });
  if (problems.length > 0) throw new InvalidDataset(problems);
  const tableName = await freeTableName(tx, tenantId, name);
  await tx.query(createTable(tableName, columns, keys));
  return tx.save(tx.create(Dataset, { tenantId, name, tableName, columns, keys, rows: 0 }));
}

/**
 * The dataset's own name, so that people find it with SQL. Another tenant's dataset may have it already, or an
 * index, a sequence or a type of another table, since PostgreSQL keeps them all in one room.
 */
async function freeTableName(tx: EntityManager, tenantId: string, name: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const candidate = attempt === 0 ? name : withSuffix(name, `${tenantId} ${attempt}`);
    const taken: unknown[] = await tx.query(
      `select 1 from pg_class where relnamespace = 'datasets'::regnamespace and relname = $1
       union all
       select 1 from pg_type where typnamespace = 'datasets'::regnamespace and typname = $1`,
      [candidate],
    );
    if (taken.length === 0) return candidate;
  }
}

function withSuffix(name: string, seed: string): string {
  const suffix = createHash('sha256').update(seed).digest('hex').slice(0, 8);
  return `${name.slice(0, 54)}_${suffix}`;
}
