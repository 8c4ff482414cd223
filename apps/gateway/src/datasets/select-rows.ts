import type { DatasetColumn } from '@offload/contracts';
import type { DatasetRow } from '@offload/contracts/http';

/** The statement that reads a page of a dataset's table, by `_id`; its parameters are cursor and limit. */
export function selectRows(table: string, columns: readonly DatasetColumn[]): string {
  const all = ['_id::text', '_import_id::text', ...columns.map(readColumn)];
  return (
    `select ${all.map((column, index) => `${column} as c${index}`).join(', ')} ` +
    `from datasets.${quoteIdentifier(table)} where _id > $1 order by _id limit $2`
  );
}

/** A row of that statement, as JSON has it. */
export function toDatasetRow(
  row: Record<string, unknown>,
  columns: readonly DatasetColumn[],
): DatasetRow {
  return Object.fromEntries([
    ['_id', Number(row['c0'])],
    ['_import_id', row['c1']],
    ...columns.map(({ name, type }, index) => [name, toJson(type, row[`c${index + 2}`])]),
  ]) as DatasetRow;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Exact types come as text, so that the driver rounds nothing. `to_json` writes dates the same way
 * whatever the server's settings are, and knows infinity.
 */
function readColumn({ name, type }: DatasetColumn): string {
  const column = quoteIdentifier(name);
  if (type === 'bigint' || type === 'numeric' || type === 'uuid') return `${column}::text`;
  if (type === 'date') return `to_json(${column}) #>> '{}'`;
  if (type !== 'timestamptz') return column;
  return (
    `(to_json(${column} at time zone 'UTC') #>> '{}')` +
    ` || case when isfinite(${column}) then 'Z' else '' end`
  );
}

function toJson(type: DatasetColumn['type'], value: unknown): unknown {
  if (type === 'bigint' && typeof value === 'string') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}
