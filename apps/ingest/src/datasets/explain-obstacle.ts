import type { DatasetKey } from '@offload/contracts';
import type { DatabaseError } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Dataset } from './dataset.entity.js';
import { quoteIdentifier } from './quote-identifier.js';
import { tableOf } from './table-of.js';
import type { Refusal } from './tell-dataset.js';

/** Shown of the rows that are in the way of a key. */
const shownValues = 3;

/** Says which rows are in the way of a key that PostgreSQL would not make. */
export async function explainObstacle(
  tx: EntityManager,
  dataset: Dataset,
  key: DatasetKey,
  complaint: DatabaseError,
): Promise<Refusal> {
  const names = key.map((name) => `“${name}”`).join(', ');
  if (complaint.code !== '23505') {
    const message = `The key of ${names} cannot be added: ${complaint.message}.`;
    return { code: 'rows_in_the_way', message };
  }
  const repeated = await findRepeated(tx, dataset, key);
  const examples = repeated.map(
    ({ values, rows }) => `${values.map((value) => `“${value}”`).join(', ')} in ${rows} rows`,
  );
  const message =
    `The key of ${names} cannot be added, because its values are not different in every row` +
    (examples.length > 0 ? `: ${examples.join('; ')}.` : '.');
  return { code: 'rows_in_the_way', message };
}

/** The values that most rows have. A column that was to be added is not there any more, and names none. */
async function findRepeated(
  tx: EntityManager,
  { tableName, columns }: Dataset,
  key: DatasetKey,
): Promise<{ values: string[]; rows: string }[]> {
  if (!key.every((name) => columns.some((column) => column.name === name))) return [];
  const quoted = key.map(quoteIdentifier);
  return tx.query(
    `select array[${quoted.map((name) => `left(${name}::text, 60)`).join(', ')}] as values, count(*) as rows
       from ${tableOf(tableName)} where ${quoted.map((name) => `${name} is not null`).join(' and ')}
      group by ${quoted.join(', ')} having count(*) > 1
      order by count(*) desc, ${quoted.join(', ')} limit ${shownValues}`,
  );
}
