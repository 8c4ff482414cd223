import type { PoolClient, QueryResultRow } from 'pg';
import type { EntityManager } from 'typeorm';
import { quoteIdentifier } from '../../datasets/quote-identifier.js';

/**
 * Runs a statement on the transaction's own connection and answers its rows and how many there were. Throws the driver's
 * DatabaseError as it is, for whoever wants to know what PostgreSQL has against some data.
 */
export async function run<Row extends QueryResultRow = QueryResultRow>(
  tx: EntityManager,
  statement: string,
  values: unknown[] = [],
): Promise<{ rows: Row[]; count: number }> {
  const client = await clientOf(tx);
  const { rows, rowCount } = await client.query<Row>(statement, values);
  return { rows, count: rowCount ?? 0 };
}

/** The driver's connection that a transaction runs on. */
export async function clientOf(tx: EntityManager): Promise<PoolClient> {
  if (!tx.queryRunner) throw new Error('This must run in a transaction.');
  const client: unknown = await tx.queryRunner.connect();
  return client as PoolClient;
}

/** Columns of a table by its alias: `s."a", s."b"`. */
export function columnsIn(alias: string, names: readonly string[]): string {
  return names.map((name) => `${alias}.${quoteIdentifier(name)}`).join(', ');
}

/** Tells in SQL that two rows have the same key. */
export function sameKey(one: string, other: string, key: readonly string[]): string {
  return key
    .map(quoteIdentifier)
    .map((name) => `${one}.${name} = ${other}.${name}`)
    .join(' and ');
}
