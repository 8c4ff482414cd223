import { DataSource } from 'typeorm';
import { type DatabaseSettings, databaseOptions } from './database.module.js';

/**
 * Makes the service's schema if it is missing and runs the migrations that have not run yet.
 *
 * Safe to run again and in several replicas at once: an advisory lock lets one of them work while
 * the others wait. Answers the names of the migrations that it ran.
 */
export async function migrate(settings: DatabaseSettings): Promise<string[]> {
  const dataSource = new DataSource({
    ...databaseOptions({ ...settings, statementTimeoutMs: 3_600_000 }),
    migrationsTransactionMode: 'each',
  });
  const gate = await new DataSource(
    databaseOptions({ ...settings, entities: [], migrations: [], poolSize: 1 }),
  ).initialize();
  const lock = gate.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [
      `migrate ${settings.schema}`,
    ]);
    const [found]: unknown[] = await lock.query('select 1 from pg_namespace where nspname = $1', [
      settings.schema,
    ]);
    // Asking first spares the right to create schemas, which a service's role does not need to have.
    if (!found) await lock.query(`create schema "${settings.schema}"`);
    await dataSource.initialize();
    const ran = await dataSource.runMigrations();
    return ran.map(({ name }) => name);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await lock.release();
    await gate.destroy();
  }
}
