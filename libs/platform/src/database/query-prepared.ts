import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

/** A statement with a name of its own in the whole service. */
export interface PreparedStatement {
  name: string;
  text: string;
}

/**
 * Runs a statement that PostgreSQL parses and plans once for each connection, instead of each time: for
 * the few that run with every message, where that is a fifth of the database's work.
 *
 * The plan is kept while tables grow, so it is for statements that have only one, such as inserts; a read
 * planned on an empty table would go on scanning the full one.
 *
 * Must run in a transaction. Throws the driver's own DatabaseError.
 */
export async function queryPrepared<Row extends object>(
  tx: EntityManager,
  { name, text }: PreparedStatement,
  values: unknown[],
): Promise<Row[]> {
  if (!tx.queryRunner) throw new Error(`${name} must run in a transaction.`);
  const client = (await tx.queryRunner.connect()) as PoolClient;
  const { rows } = await client.query<Row>({ name, text, values });
  return rows;
}
