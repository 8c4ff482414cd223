import type { DatasetColumn } from '@offload/contracts';
import { copyStatement } from '../../datasets/copy-statement.js';
import { quoteIdentifier } from '../../datasets/quote-identifier.js';

/** A table that rows are copied into, and the columns that are given. */
export interface CopyTarget {
  /** In SQL, with its schema and quoted. */
  table: string;
  columns: readonly DatasetColumn[];
  /** The column that takes the number of each row plus a base; none where rows need no number. */
  number?: { column: string; base: number };
}

/** Takes CSV as it stands in a file, with the number in front of each record where there is one. */
export function copyCsv(target: CopyTarget, dialect: { delimiter: string }): string {
  const { number, columns } = target;
  const numbered = number
    ? [{ name: number.column, type: 'bigint' as const }, ...columns]
    : columns;
  return copyStatement(target.table, numbered, dialect);
}

/** Takes what `writeRow` writes. */
export function copyText({ table, columns, number }: CopyTarget): string {
  const names = [...(number ? [number.column] : []), ...columns.map(({ name }) => name)];
  const list = names.map(quoteIdentifier).join(', ');
  return `copy ${table} (${list}) from stdin with (format text, encoding 'UTF8')`;
}
