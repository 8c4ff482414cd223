import type { EntityManager } from 'typeorm';
import { run as query } from '../staging/sql.js';
import { changedRows, createdRows, type UndoTables } from './undo-sql.js';

export interface UndoCounts {
  removed: number;
  restored: number;
  kept: number;
}

/** Tells what undoing an import would do, and lists the rows that would stay as they are. Changes no row. */
export async function countUndo(tx: EntityManager, tables: UndoTables): Promise<UndoCounts> {
  const created = await countRows(tx, tables, createdRows(tables));
  const changed = tables.before
    ? await countRows(tx, tables, changedRows(tables))
    : { undone: 0, kept: 0 };
  return {
    removed: created.undone,
    restored: changed.undone,
    kept: created.kept + changed.kept,
  };
}

async function countRows(
  tx: EntityManager,
  { importId }: UndoTables,
  rowsOf: string,
): Promise<{ undone: number; kept: number }> {
  const { rows } = await query<Record<'undone' | 'kept', string>>(
    tx,
    `with looked as materialized (select * from (${rowsOf}) r), kept as (
       insert into reports.kept_row (import_id, row_id, reason)
       select $3, "_id", reason from looked where reason is not null
       on conflict (import_id, row_id) do update set reason = excluded.reason
     )
     select count(*) filter (where reason is null) as undone, count(reason) as kept from looked`,
    [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, importId],
  );
  return { undone: Number(rows[0]?.undone), kept: Number(rows[0]?.kept) };
}
