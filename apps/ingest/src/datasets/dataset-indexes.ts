import type { DatasetKey } from '@offload/contracts';
import { nameIndex } from './constraint-names.js';
import { quoteIdentifier } from './quote-identifier.js';
import { tableOf } from './table-of.js';

/**
 * The statements that make the indexes of a dataset's table: one that finds the rows of an import, and a unique
 * one for each key. Rows in which a column of the key is null do not take part in it.
 *
 * The first one is a BRIN: an import's rows lie side by side, so a few pages of index tell where they are in any
 * number of rows, and loading pays next to nothing for it.
 */
export function createIndexes(name: string, keys: readonly DatasetKey[]): string {
  return [indexImports(name), ...keys.map((key) => createKey(name, key))].join(';\n');
}

export function indexImports(name: string): string {
  const index = quoteIdentifier(nameIndex('import', name));
  return `create index ${index} on ${tableOf(name)} using brin ("_import_id")`;
}

export function createKey(name: string, key: DatasetKey): string {
  const index = quoteIdentifier(nameIndex('unique', name, key));
  return `create unique index ${index} on ${tableOf(name)} (${key.map(quoteIdentifier).join(', ')})`;
}
