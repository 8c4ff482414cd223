import type { ColumnType, DatasetColumn } from '@offload/contracts';

/** A column that can be read, filtered and sorted by. */
export interface RowColumn {
  name: string;
  type: ColumnType;
  nullable: boolean;
}

/** Our own columns, then those of the dataset. */
export function rowColumns(columns: readonly DatasetColumn[]): RowColumn[] {
  return [...OWN_COLUMNS, ...columns];
}

/** The first of them, `_id`, is different in every row and grows with time. */
export const ID_COLUMN: RowColumn = { name: '_id', type: 'bigint', nullable: false };

const OWN_COLUMNS: RowColumn[] = [
  ID_COLUMN,
  { name: '_import_id', type: 'uuid', nullable: false },
  { name: '_edited_at', type: 'timestamptz', nullable: true },
];

/** What a row shows unless it is asked for something else. */
export function usualFields(columns: readonly DatasetColumn[]): RowColumn[] {
  return [...OWN_COLUMNS.slice(0, 2), ...columns];
}

export const SQL_TYPES: Record<ColumnType, string> = {
  text: 'text',
  bigint: 'bigint',
  numeric: 'numeric',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamptz',
  uuid: 'uuid',
  json: 'jsonb',
};

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The name of a dataset's table in SQL. */
export function tableOf(table: string): string {
  return `datasets.${quoteIdentifier(table)}`;
}
