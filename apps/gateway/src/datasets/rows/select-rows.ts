import type { DatasetRow } from '@offload/contracts/http';
import type { Selection } from './parse-selection.js';
import { readValueSql, toJson } from './read-value.js';
import { conditionsSql } from './row-conditions.js';
import { behindSql, orderSql, type RowCursor } from './row-cursor.js';
import { ID_COLUMN, quoteIdentifier, type RowColumn, tableOf } from './row-column.js';
import { ParameterValues } from './sql-values.js';

/** A row as the database answers it: the fields as `f0`…, then the columns of the sort as `s0`…, the last is `_id`. */
export type RawRow = Record<string, unknown>;

/** The statement that reads a page, with one row more than asked for. */
export function selectRows(
  table: string,
  { conditions, sort, fields }: Selection,
  { limit, behind }: { limit: number; behind: Required<RowCursor> | undefined },
): { text: string; parameters: string[] } {
  const values = new ParameterValues();
  const where = [conditionsSql(conditions, values)];
  if (behind) where.push(`(${behindSql(sort, behind, values)})`);
  const columns = [
    ...fields.map((field, index) => `${readValueSql(field)} as f${index}`),
    ...sort.map(({ column }, index) => `${quoteIdentifier(column.name)}::text as s${index}`),
  ];
  const text =
    `select ${columns.join(', ')} from ${tableOf(table)} where ${where.join(' and ')} ` +
    `order by ${orderSql(sort)} limit ${limit + 1}`;
  return { text, parameters: values.parameters };
}

/** The statement that reads what one row has in the columns of a sort. */
export function selectSortValues(
  table: string,
  { sort }: Selection,
  id: string,
): { text: string; parameters: string[] } {
  const columns = sort.map(
    ({ column }, index) => `${quoteIdentifier(column.name)}::text as s${index}`,
  );
  const text = `select ${columns.join(', ')} from ${tableOf(table)} where ${quoteIdentifier(ID_COLUMN.name)} = $1`;
  return { text, parameters: [id] };
}

/** Where a row stands in a sort. */
export function placeOf(row: RawRow, { sort }: Selection): Required<RowCursor> {
  const values = sort.map((_, index) => row[`s${index}`] as string | null);
  return { id: String(values.pop()), values };
}

/** A row as JSON has it. */
export function toDatasetRow(row: RawRow, fields: readonly RowColumn[]): DatasetRow {
  return Object.fromEntries(
    fields.map(({ name, type }, index) => [name, toJson(type, row[`f${index}`])]),
  );
}
