import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build-output.mts';
import { takeInstance, releaseInstance } from './lib/instance-lock.mts';
import { runScript } from './lib/lifetime.mts';
import { DATABASE, migrateServices, provisionInstance } from './lib/migrate-services.mts';
import { startPostgres, type PostgresServer } from './lib/postgres.mts';
import { asAdministrator, dropDatabase } from './lib/provision-database.mts';
import { say } from './lib/say.mts';
import { SERVICES } from './lib/services.mts';

/**
 * npm run db:reset [-- --yes]
 *
 * Empties the database, files and queues of `npm run dev`. With DATABASE_URL it drops our schemas in
 * that database instead, which has to be confirmed with --yes.
 */
await runScript(async (lifetime) => {
  const folder = takeInstance('dev');
  lifetime.add('lock', async () => releaseInstance(folder));
  const postgres = await startPostgres(folder, { durable: true });
  lifetime.add('PostgreSQL', () => postgres.stop());
  if (postgres.isPrivate) {
    await dropDatabase(postgres.url, DATABASE);
    rmSync(join(folder.path, 'files'), { recursive: true, force: true });
    // Messages about what is gone would only end as dead letters.
    rmSync(join(folder.serverPath, 'rabbitmq', 'mnesia'), { recursive: true, force: true });
  } else if (process.argv.includes('--yes')) {
    await dropSchemas(postgres);
  } else {
    say('This drops everything of Offload in DATABASE_URL. Confirm: npm run db:reset -- --yes');
    return 1;
  }
  await ensureBuilt();
  await migrateServices(await provisionInstance(folder, postgres));
  say('The database is empty and up to date.');
  return 0;
});

async function dropSchemas(postgres: PostgresServer): Promise<void> {
  await asAdministrator(postgres.url, async (client) => {
    for (const schema of ['datasets', ...SERVICES]) {
      await client.query(`drop schema if exists ${schema} cascade`);
    }
  });
}
