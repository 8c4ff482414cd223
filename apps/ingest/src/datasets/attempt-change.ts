import { DatabaseError } from 'pg';
import type { EntityManager } from 'typeorm';
import { DatasetInUse } from './datasets.errors.js';

/**
 * Changes a table, in a savepoint. Answers the database's complaint about what is in the table or what depends on
 * it, with the transaction as it was before; anything else that fails is thrown.
 *
 * Readers hold the table for as long as they read, and whoever waits to change it makes later readers wait too.
 * So the wait is short, and another try comes later: DatasetInUse.
 */
export async function attemptChange(
  tx: EntityManager,
  change: () => Promise<void>,
): Promise<DatabaseError | undefined> {
  await tx.query(`set local lock_timeout = '${longestWait}'`);
  await tx.query('savepoint change_table');
  try {
    await change();
    return undefined;
  } catch (error) {
    const cause = driverError(error);
    if (cause?.code === '55P03') throw new DatasetInUse(error);
    if (!cause || !COMPLAINTS.has(cause.code ?? '')) throw error;
    await tx.query('rollback to savepoint change_table');
    return cause;
  }
}

const longestWait = '2s';

/** Unique violation; an index row that is too large; objects that depend on it. */
const COMPLAINTS = new Set(['23505', '54000', '2BP01']);

/** TypeORM hands the driver's error on inside its own. */
function driverError(error: unknown): DatabaseError | undefined {
  const cause = error instanceof Error && 'driverError' in error ? error.driverError : error;
  return cause instanceof DatabaseError ? cause : undefined;
}
