import type { EntityManager } from 'typeorm';
import { quoteLiteral } from '../../datasets/quote-identifier.js';
import { tableOf } from '../../datasets/table-of.js';
import { run } from '../staging/sql.js';

/**
 * Takes so many ids in a row for rows that are still to be stored, and answers the one before the first. So rows have
 * their ids in the order of the file, whichever part of them is stored first.
 *
 * Whoever wants an id meanwhile waits for the end of the transaction; a rollback gives the ids back.
 */
export async function reserveIds(tx: EntityManager, table: string, count: number): Promise<number> {
  const sequence = await sequenceOf(tx, tableOf(table));
  // Changes nothing; it is the lock that a sequence can be had with.
  await run(tx, `alter sequence ${sequence} increment by 1`);
  const last = await lastOf(tx, sequence);
  if (count > 0) await run(tx, `select setval(${quoteLiteral(sequence)}, $1)`, [last + count]);
  return last;
}

/** The highest id that a row of the table has been given; 0 when none has. */
export async function lastIdOf(tx: EntityManager, table: string): Promise<number> {
  return lastOf(tx, await sequenceOf(tx, tableOf(table)));
}

/** Makes a table (its name in SQL) give no id that one of its rows has already. */
export async function raiseIds(tx: EntityManager, table: string): Promise<void> {
  const sequence = await sequenceOf(tx, table);
  await run(
    tx,
    `select setval(${quoteLiteral(sequence)},
       greatest((select coalesce(max("_id"), 1) from ${table}), (select last_value from ${sequence})))`,
  );
}

async function lastOf(tx: EntityManager, sequence: string): Promise<number> {
  const { rows } = await run<{ last: string }>(
    tx,
    `select case when is_called then last_value else last_value - 1 end as last from ${sequence}`,
  );
  return Number(rows[0]?.last);
}

async function sequenceOf(tx: EntityManager, table: string): Promise<string> {
  const { rows } = await run<{ sequence: string }>(
    tx,
    `select pg_get_serial_sequence($1, '_id') as sequence`,
    [table],
  );
  const [found] = rows;
  if (!found) throw new Error(`The table ${table} has no sequence of ids.`);
  return found.sequence;
}
