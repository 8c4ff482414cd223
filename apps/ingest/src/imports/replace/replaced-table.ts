import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';

/** A table that was taken out of a dataset's place, and is kept for some time. */
export interface ReplacedTable {
  importId: string;
  tenantId: string;
  datasetName: string;
  /** In the schema `staging`. */
  tableName: string;
  columns: DatasetColumn[];
  keys: DatasetKey[];
  rows: number;
  /** The rows from before the import; or, once the dataset was restored, those from after it. */
  holds: 'before' | 'after';
  replacedAt: Date;
}

/** What a dataset had before an import replaced it; null when that is not kept (any more). */
export async function findReplaced(
  tx: EntityManager,
  importId: string,
): Promise<ReplacedTable | null> {
  const [found]: {
    tenant_id: string;
    dataset_name: string;
    table_name: string;
    columns: DatasetColumn[];
    keys: DatasetKey[];
    rows: string;
    holds: 'before' | 'after';
    replaced_at: Date;
  }[] = await tx.query(
    `select tenant_id, dataset_name, table_name, columns, keys, rows, holds, replaced_at
       from replaced_table where import_id = $1`,
    [importId],
  );
  if (!found) return null;
  const { columns, keys, holds } = found;
  return {
    importId,
    tenantId: found.tenant_id,
    datasetName: found.dataset_name,
    tableName: found.table_name,
    columns,
    keys,
    rows: Number(found.rows),
    holds,
    replacedAt: found.replaced_at,
  };
}

/** Tells whether another import has replaced the dataset after this one, and that was not undone. */
export async function isReplacedSince(
  tx: EntityManager,
  { importId, tenantId, datasetName }: ImportRun,
): Promise<boolean> {
  const later: unknown[] = await tx.query(
    `select 1 from replaced_table later join replaced_table own on own.import_id = $1
      where later.tenant_id = $2 and later.dataset_name = $3 and later.holds = 'before'
        and later.replaced_at > own.replaced_at`,
    [importId, tenantId, datasetName],
  );
  return later.length > 0;
}
