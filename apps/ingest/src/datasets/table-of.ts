import { quoteIdentifier } from './quote-identifier.js';

/** The name of a dataset's table in SQL, with its schema and quoted. */
export function tableOf(table: string): string {
  return `"datasets".${quoteIdentifier(table)}`;
}
