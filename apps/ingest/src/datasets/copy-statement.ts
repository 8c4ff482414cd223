import type { DatasetColumn } from '@offload/contracts';
import { quoteIdentifier } from './quote-identifier.js';

/**
 * The statement that loads CSV without a header into a table (its name in SQL); columns are named in the order of the
 * file.
 *
 * An empty field is null without quotes. With quotes it is an empty text in a column of texts, and null in any
 * other: programs that quote everything write `""` for a missing number.
 */
export function copyStatement(
  table: string,
  columns: readonly Pick<DatasetColumn, 'name' | 'type'>[],
  { delimiter }: { delimiter: string },
): string {
  if (!/^[^"\r\n\0]$/.test(delimiter) || Buffer.byteLength(delimiter) !== 1) {
    throw new RangeError(`Not a delimiter: ${JSON.stringify(delimiter)}`);
  }
  const nullable = columns.filter(({ type }) => type !== 'text');
  const forceNull = nullable.length > 0 ? `, force_null (${namesOf(nullable)})` : '';
  const written = delimiter === "'" ? "''" : delimiter;
  return (
    `copy ${table} (${namesOf(columns)}) from stdin with (format csv, delimiter '${written}', ` +
    `quote '"', escape '"', null '', encoding 'UTF8'${forceNull})`
  );
}

function namesOf(columns: readonly { name: string }[]): string {
  return columns.map(({ name }) => quoteIdentifier(name)).join(', ');
}
