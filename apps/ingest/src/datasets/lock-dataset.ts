import type { EntityManager } from 'typeorm';

/**
 * Waits until nobody else makes, changes, drops or opens a dataset of this name, and sets the settings with which
 * tables are made: a bound such as `2026-01-31` means the same whatever the server's are.
 *
 * Must run in a transaction, which holds the lock to its end.
 */
export async function lockDataset(tx: EntityManager, name: string): Promise<void> {
  await tx.query(
    `select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true)`,
  );
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`dataset ${name}`]);
}
