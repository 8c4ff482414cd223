import type { EntityManager } from 'typeorm';

/**
 * Makes a transaction one that only reads, reads values in one way whatever the server's settings are, and ends a
 * statement that takes too long. Must be the first thing in it.
 */
export async function prepareReading(tx: EntityManager, timeoutMs: number): Promise<void> {
  await tx.query('set transaction read only');
  await tx.query(
    `select set_config('statement_timeout', $1, true), set_config('timezone', 'UTC', true),
            set_config('datestyle', 'ISO, YMD', true)`,
    [String(timeoutMs)],
  );
}
