import type { Pool, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';

/** Connections to PostgreSQL, and who waits for one. */
export interface PoolCounts {
  /** At most. */
  size: number;
  inUse: number;
  idle: number;
  /** Requests for a connection that nobody has given back yet. */
  waiting: number;
}

/** How the pool of a DataSource stands; all zero before it is connected. */
export function poolCounts(dataSource: DataSource): PoolCounts {
  const pool = poolOf(dataSource);
  if (!pool) return { size: 0, inUse: 0, idle: 0, waiting: 0 };
  const { totalCount, idleCount, waitingCount, options } = pool;
  return {
    size: options.max,
    inUse: totalCount - idleCount,
    idle: idleCount,
    // One for whom a connection lies ready stands in line for a moment too; who counts may be that one.
    waiting: Math.max(0, waitingCount - idleCount),
  };
}

/**
 * Asks the database one thing, if that can be done at once: for what is nice to know.
 *
 * It does not stand in line for a connection, and PostgreSQL ends the statement after `timeoutMs`.
 * Answers the rows. Throws when it cannot be asked. A server that does not even refuse keeps it waiting
 * as long as the connection's own limits allow, so do not await it where that matters.
 */
export async function askQuickly(
  dataSource: DataSource,
  sql: string,
  timeoutMs: number,
): Promise<Record<string, unknown>[]> {
  const pool = poolOf(dataSource);
  if (!pool) throw new Error('The database is not connected.');
  if (pool.idleCount === 0 && pool.totalCount >= pool.options.max) {
    throw new Error('Every connection to the database is in use.');
  }
  // Several statements in one request run as one transaction, in which the limit ends with the request.
  const answers = (await pool.query(
    `select set_config('statement_timeout', '${Math.ceil(timeoutMs)}', true); ${sql}`,
  )) as unknown as QueryResult<Record<string, unknown>>[];
  return answers[1]?.rows ?? [];
}

function poolOf(dataSource: DataSource): Pool | undefined {
  const { master } = dataSource.driver as { master?: Pool };
  return master;
}
