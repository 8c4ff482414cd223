import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { quoteIdentifier } from '../../datasets/quote-identifier.js';
import { tableOf } from '../../datasets/table-of.js';
import type { ImportRun } from '../import-run.entity.js';
import { raiseIds } from '../merge/reserve-ids.js';
import { exchangeTables, lockTable } from '../replace/exchange-tables.js';
import type { ReplacedTable } from '../replace/replaced-table.js';
import { columnsIn, run as query, sameKey } from '../staging/sql.js';
import { inStaging, stagingName } from '../staging/staging-table.js';
import type { UndoCounts } from './count-undo.js';

/**
 * Gives a dataset the rows again that it had before an import replaced them, in one step.
 *
 * Rows that were added or changed since by anybody else stay: they are taken over, in place of a former row with the same
 * key. The table that was there is kept aside.
 */
export async function restoreTable(
  tx: EntityManager,
  run: ImportRun,
  dataset: Dataset,
  replaced: ReplacedTable,
): Promise<UndoCounts> {
  await lockTable(tx, dataset.tableName);
  const counts = await countRestore(tx, run, dataset, replaced);
  await takeOver(tx, run, dataset, replaced);
  await exchange(tx, dataset, replaced, counts.restored + counts.kept);
  return counts;
}

/**
 * Exchanges a dataset's table for the one that is kept, whole as they are. `rows` are those of the latter. What it was
 * exchanged for can be had again in the same way.
 */
export async function exchange(
  tx: EntityManager,
  dataset: Dataset,
  { importId, tableName, columns, keys, holds }: ReplacedTable,
  rows: number,
): Promise<void> {
  const outgoing = stagingName(holds === 'before' ? 'after' : 'replaced', importId);
  await exchangeTables(tx, dataset.tableName, { incoming: tableName, outgoing });
  await tx.query(
    `update replaced_table set table_name = $2, columns = $3, keys = $4, rows = $5, holds = $6,
            replaced_at = clock_timestamp()
      where import_id = $1`,
    [
      importId,
      outgoing,
      JSON.stringify(dataset.columns),
      JSON.stringify(dataset.keys),
      dataset.rows,
      holds === 'before' ? 'after' : 'before',
    ],
  );
  Object.assign(dataset, { columns, keys, rows });
  await tx.save(dataset);
}

/** Tells what `restoreTable` would do, and lists the rows that stay. */
export async function countRestore(
  tx: EntityManager,
  { importId }: ImportRun,
  dataset: Dataset,
  replaced: ReplacedTable,
): Promise<UndoCounts> {
  const { rows } = await query<Record<'removed' | 'kept' | 'restored', string>>(
    tx,
    `with kept as (
       insert into reports.kept_row (import_id, row_id, reason)
       select $1, d."_id", case when d."_import_id" <> $1 then 'changed_by_import' else 'edited' end
         from ${tableOf(dataset.tableName)} d where ${isOthers('d', '$1')}
       on conflict (import_id, row_id) do update set reason = excluded.reason returning 1
     )
     select (select count(*) from ${tableOf(dataset.tableName)} d where not (${isOthers('d', '$1')})) as removed,
            (select count(*) from kept) as kept,
            (select count(*) from ${inStaging(replaced.tableName)} o
              where not (${isInTheWay(dataset, '$1')})) as restored`,
    [importId],
  );
  const [found] = rows;
  return {
    removed: Number(found?.removed),
    restored: Number(found?.restored),
    kept: Number(found?.kept),
  };
}

/** A row that is not as the import has stored it. */
function isOthers(alias: string, importId: string): string {
  return `${alias}."_import_id" <> ${importId} or ${alias}."_edited_at" is not null`;
}

/** A former row `o` whose key, or id, is that of a row that stays. */
function isInTheWay(dataset: Dataset, importId: string): string {
  return [['_id'], ...dataset.keys]
    .map(
      (key) => `exists (select from ${tableOf(dataset.tableName)} d
                         where (${isOthers('d', importId)}) and ${sameKey('d', 'o', key)})`,
    )
    .join(' or ');
}

async function takeOver(
  tx: EntityManager,
  { importId }: ImportRun,
  dataset: Dataset,
  replaced: ReplacedTable,
): Promise<void> {
  const former = inStaging(replaced.tableName);
  await query(tx, `delete from ${former} o where ${isInTheWay(dataset, '$1')}`, [importId]);
  const names = ['_id', '_import_id', '_edited_at', ...dataset.columns.map(({ name }) => name)];
  await query(
    tx,
    `insert into ${former} (${names.map(quoteIdentifier).join(', ')})
     select ${columnsIn('d', names)} from ${tableOf(dataset.tableName)} d where ${isOthers('d', '$1')}`,
    [importId],
  );
  await raiseIds(tx, former);
}
