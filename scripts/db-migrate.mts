import { ensureBuilt } from './lib/build-output.mts';
import { takeInstance, releaseInstance } from './lib/instance-lock.mts';
import { runScript } from './lib/lifetime.mts';
import { migrateServices, provisionInstance } from './lib/migrate-services.mts';
import { startPostgres } from './lib/postgres.mts';
import { say } from './lib/say.mts';

/**
 * npm run db:migrate
 *
 * Brings the database at DATABASE_URL up to date, or that of `npm run dev` (which does so itself when
 * it starts).
 */
await runScript(async (lifetime) => {
  const folder = takeInstance('dev');
  lifetime.add('lock', async () => releaseInstance(folder));
  const postgres = await startPostgres(folder, { durable: true });
  lifetime.add('PostgreSQL', () => postgres.stop());
  await ensureBuilt();
  await migrateServices(await provisionInstance(folder, postgres));
  say('Every schema is up to date.');
  return 0;
});
