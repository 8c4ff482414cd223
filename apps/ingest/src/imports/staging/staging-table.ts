import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import { defineColumn } from '../../datasets/dataset-table.js';
import { quoteIdentifier } from '../../datasets/quote-identifier.js';
import { tableOf } from '../../datasets/table-of.js';
import type { EntityManager } from 'typeorm';
import { columnsOf, type ImportPlan } from '../import-plan.js';
import type { ImportRun } from '../import-run.entity.js';
import type { CopyTarget } from '../load/copy-target.js';
import { run as query } from './sql.js';

/**
 * The tables in the schema `staging`, each named for its import:
 *
 * - `rows_…` rows that are set aside, to be merged or to become the dataset's table;
 * - `before_…` what rows of the dataset were before an upsert changed them;
 * - `replaced_…` the table that was the dataset's before it was replaced;
 * - `after_…` the table that was the dataset's when its former rows were restored.
 *
 * They are logged like any other, so a crash of PostgreSQL loses nothing of them.
 */
export type StagingKind = 'rows' | 'before' | 'replaced' | 'after';

export function stagingName(kind: StagingKind, importId: string): string {
  return `${kind}_${importId.replaceAll('-', '')}`;
}

/** In SQL, with its schema and quoted. */
export function stagingTable(kind: StagingKind, importId: string): string {
  return inStaging(stagingName(kind, importId));
}

export function inStaging(name: string): string {
  return `"staging".${quoteIdentifier(name)}`;
}

export async function stagingExists(
  tx: EntityManager,
  kind: StagingKind,
  importId: string,
): Promise<boolean> {
  const { rows } = await query<{ found: boolean }>(
    tx,
    'select to_regclass($1) is not null as found',
    [stagingTable(kind, importId)],
  );
  return rows[0]?.found ?? false;
}

/** Rows fall into so many classes by the hash of their key; a part of a merge is some of the classes. */
export const hashClasses = 1024;

/** The statement that makes the table in which an import sets its rows aside. */
export function createStaging(importId: string, plan: ImportPlan): string {
  const table = stagingTable('rows', importId);
  if (plan.sink !== 'replace') return createRows(`create table ${table}`, plan);
  if (!plan.dataset.tableName) throw new Error('A dataset that is not there cannot be replaced.');
  const like = 'including defaults including constraints including storage including comments';
  return `create table ${table} (like ${tableOf(plan.dataset.tableName)} ${like})`;
}

/**
 * The statement that makes a table for rows that are to be merged: with the types and rules of the dataset, so that
 * PostgreSQL proves them while they are loaded, but without its keys.
 *
 * `_row` is the number of the row in the file. `_hash` puts rows with the same key into the same part; it goes by the
 * hash of the values and not of their texts, because 1.0 and 1.00 are the same number.
 */
export function createRows(create: string, plan: ImportPlan): string {
  const { columns, key } = plan;
  const defined = columns.map(({ column }) => {
    const isKey = key?.includes(column.name) ?? false;
    return defineColumn(isKey ? { ...column, nullable: false } : column);
  });
  const parted = partingKey(plan);
  return `${create} (\n  ${['"_row" bigint not null', ...hashOf(parted), ...defined].join(',\n  ')}\n)`;
}

/**
 * The key by which rows can be parted: the only one there is. With several, rows that meet in one may be apart by
 * another, so they are not parted at all.
 */
export function partingKey(plan: ImportPlan): DatasetKey | undefined {
  const [only, ...others] = meetingKeys(plan);
  return others.length === 0 ? only : undefined;
}

/** The keys in which rows can meet: where a column is not filled, the database makes rows different. */
export function meetingKeys({ dataset, columns }: ImportPlan): DatasetKey[] {
  const filled = new Set(columns.map(({ column }) => column.name));
  return dataset.keys.filter((key) => key.every((name) => filled.has(name)));
}

function hashOf(key: DatasetKey | undefined): string[] {
  if (!key) return [];
  const names = key.map(quoteIdentifier).join(', ');
  const hash = `hash_record_extended(row(${names}), 0) & ${hashClasses - 1}`;
  return [`"_hash" smallint not null generated always as ((${hash})::smallint) stored`];
}

/** Where the chunks of an import are copied to. */
export function targetOf(run: ImportRun): CopyTarget {
  const { sink, dataset, ...plan } = run.resolved;
  const columns: DatasetColumn[] = columnsOf(plan);
  const table = stagingTable('rows', run.importId);
  if (sink === 'merge') return { table, columns, number: { column: '_row', base: 0 } };
  if (sink === 'replace') {
    return { table, columns, number: { column: '_id', base: dataset.lastId } };
  }
  if (!dataset.tableName) throw new Error(`Import ${run.importId} has no table yet.`);
  return { table: tableOf(dataset.tableName), columns };
}
