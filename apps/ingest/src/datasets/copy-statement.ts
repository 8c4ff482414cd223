import { tableOf } from './dataset-table.js';
import { quoteIdentifier } from './quote-identifier.js';

/**
 * The statement that loads CSV without a header into a dataset; columns are named in the order of the file.
 *
 * An empty field is null without quotes, and an empty text with quotes.
 */
export function copyStatement(
  dataset: string,
  columns: readonly string[],
  { delimiter }: { delimiter: string },
): string {
  if (!/^[^"\r\n\0]$/.test(delimiter) || Buffer.byteLength(delimiter) !== 1) {
    throw new RangeError(`Not a delimiter: ${JSON.stringify(delimiter)}`);
  }
  const names = columns.map(quoteIdentifier).join(', ');
  const written = delimiter === "'" ? "''" : delimiter;
  return (
    `copy ${tableOf(dataset)} (${names}) from stdin with (format csv, delimiter '${written}', ` +
    `quote '"', escape '"', null '', encoding 'UTF8')`
  );
}
