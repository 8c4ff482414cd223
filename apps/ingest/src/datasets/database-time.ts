import type { EntityManager } from 'typeorm';

/**
 * The time by the database's clock, which all replicas share: what is said of a dataset later has a later time,
 * as long as it is read while the dataset is locked.
 */
export async function databaseTime(tx: EntityManager): Promise<Date> {
  const [row]: { now: Date }[] = await tx.query('select clock_timestamp() as now');
  if (!row) throw new Error('PostgreSQL has not told the time.');
  return row.now;
}
