import { quoteIdentifier } from '../../datasets/quote-identifier.js';
import { tableOf } from '../../datasets/table-of.js';
import { columnsOf } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import { stagingExists, stagingTable } from '../staging/staging-table.js';
import type { EntityManager } from 'typeorm';

/** What the statements of an undo are made from. */
export interface UndoTables {
  importId: string;
  /** The dataset's table, in SQL. */
  target: string;
  /** What changed rows were before, in SQL; null when the import has changed none. */
  before: string | null;
  columns: string[];
  /** The ids that were taken for the rows of the import: above `base`, up to `base + span`. */
  block: { base: number; span: number };
}

export async function undoTables(
  tx: EntityManager,
  run: ImportRun,
  { tableName }: { tableName: string },
): Promise<UndoTables> {
  const hasBefore = await stagingExists(tx, 'before', run.importId);
  return {
    importId: run.importId,
    target: tableOf(tableName),
    before: hasBefore ? stagingTable('before', run.importId) : null,
    columns: columnsOf(run.resolved).map(({ name }) => name),
    block: run.merge ?? { base: 0, span: 0 },
  };
}

/** Rows that the import has created, each with the reason why it stays, or null; from `$1` (exclusive) to `$2`. */
export function createdRows({ importId, target, before, block }: UndoTables): string {
  const { base, span } = block;
  const changed = before ? `and not exists (select from ${before} b where b."_id" = d."_id")` : '';
  return `select d."_id", case when d."_import_id" <> '${importId}' then 'changed_by_import'
                               when d."_edited_at" is not null then 'edited' end as reason
            from ${target} d
           where d."_id" > $1 and d."_id" <= $2 ${changed}
             and (d."_import_id" = '${importId}' or (d."_id" > ${base} and d."_id" <= ${base + span}))`;
}

/** Rows that the import has changed, likewise. */
export function changedRows({ importId, target, before }: UndoTables): string {
  return `select b."_id", case when d."_id" is null then 'deleted'
                               when d."_import_id" <> '${importId}' then 'changed_by_import'
                               when d."_edited_at" is not null then 'edited' end as reason
            from ${before} b left join ${target} d on d."_id" = b."_id"
           where b."_id" > $1 and b."_id" <= $2`;
}

/** Removes the rows of the stretch `s` that the import has created and nobody has changed since. */
export function removeRows({ importId, target }: UndoTables): string {
  return `delete from ${target} d using stretch s
           where d."_id" = s."_id" and s.reason is null
             and ${isStillOf(importId)} and d."_edited_at" is null`;
}

/** Gives the rows of the stretch `s` their former values, who had stored them, and when they were edited. */
export function restoreRows({ importId, target, before, columns }: UndoTables): string {
  const names = ['_import_id', '_edited_at', ...columns].map(quoteIdentifier);
  return `update ${target} d set ${names.map((name) => `${name} = b.${name}`).join(', ')}
            from ${before} b join stretch s on s."_id" = b."_id"
           where d."_id" = b."_id" and s.reason is null
             and ${isStillOf(importId)} and d."_edited_at" is null`;
}

/**
 * That a row is still as the import has left it, looked at again as it is locked.
 *
 * As text, which no index has: rows that were stored a moment ago are not in the statistics yet, so PostgreSQL would
 * expect one row of this import, find them all by the index on the import, and compare each with each of the stretch.
 */
function isStillOf(importId: string): string {
  return `d."_import_id"::text = '${importId}'`;
}
