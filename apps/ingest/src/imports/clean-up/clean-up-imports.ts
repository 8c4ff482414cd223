import type { FileStore } from '@offload/storage';
import type { DataSource, EntityManager } from 'typeorm';
import { findRun } from '../progress/lock-run.js';
import { run as query } from '../staging/sql.js';
import { inStaging } from '../staging/staging-table.js';

export interface ImportRetention {
  /** How long what imports have replaced or set aside is kept after their end, in days. */
  days: number;
}

/**
 * Removes what imports have left behind and nobody can need any more: tables in the schema `staging`, and plain copies
 * of files. Each in a transaction of its own, so that it may end at any point; safe to run in several replicas at once.
 * Answers how many were removed.
 */
export async function cleanUpImports(
  dataSource: DataSource,
  files: FileStore,
  { days }: ImportRetention,
): Promise<number> {
  let removed = 0;
  for (const leftOver of await listLeftOver(dataSource, days)) {
    const isRemoved = await dataSource.transaction((tx) => removeTable(tx, leftOver));
    if (isRemoved) removed += 1;
  }
  for (const { importId, key } of await listCopies(dataSource, days)) {
    await files.remove(key);
    await dataSource.query(
      `update import_run set plain = plain || '{"isRemoved": true}',
              stop = case when stop is null then null else stop || '{"isOver": true}' end
        where import_id = $1`,
      [importId],
    );
    removed += 1;
  }
  return removed;
}

interface LeftOver {
  table: string;
  /** Null for a table of an import that is not known. */
  importId: string | null;
}

/**
 * A table is needed while its import has not ended, and for its time after that: rows that were set aside only where the
 * import was canceled and may go on, and tables that were exchanged only as long as their dataset is there.
 */
async function listLeftOver(dataSource: DataSource, days: number): Promise<LeftOver[]> {
  const rows: { table: string; import_id: string | null }[] = await dataSource.query(
    `with staged as (
       select tablename as table, split_part(tablename, '_', 1) as kind, split_part(tablename, '_', 2) as id
         from pg_tables where schemaname = 'staging' and tablename ~ '^(rows|before|replaced|after)_[0-9a-f]{32}$'
     )
     select s.table, r.import_id
       from staged s
       left join import_run r on r.import_id = s.id::uuid
       left join replaced_table t on t.table_name = s.table
       left join dataset d on d.tenant_id = r.tenant_id and d.name = r.dataset_name
      where r.import_id is null
         or (r.ended_at is not null and (
              r.ended_at < now() - $1 * interval '1 day'
              or d.name is null and s.kind <> 'rows'
              or s.kind = 'rows' and (r.state <> 'canceled' or not coalesce((r.stop ->> 'keepsRows')::boolean, false))
              or s.kind in ('replaced', 'after') and t.import_id is null))
      order by 1`,
    [days],
  );
  return rows.map(({ table, import_id }) => ({ table, importId: import_id }));
}

/** Looks once more with the import locked: it may have begun to move again. */
async function removeTable(tx: EntityManager, { table, importId }: LeftOver): Promise<boolean> {
  const run = importId ? await findRun(tx, importId) : null;
  if (run && !run.hasEnded) return false;
  await query(tx, `drop table if exists ${inStaging(table)}`);
  await tx.query('delete from replaced_table where table_name = $1', [table]);
  return true;
}

/** Copies of imports that have ended; of those that may go on, when their time is over. */
async function listCopies(
  dataSource: DataSource,
  days: number,
): Promise<{ importId: string; key: string }[]> {
  const rows: { import_id: string; key: string }[] = await dataSource.query(
    `select import_id, plain ->> 'key' as key from import_run
      where plain is not null and not plain ? 'isRemoved' and ended_at is not null
        and (state <> 'canceled' or not coalesce((stop ->> 'keepsRows')::boolean, false)
             or ended_at < now() - $1 * interval '1 day')`,
    [days],
  );
  return rows.map(({ import_id, key }) => ({ importId: import_id, key }));
}
