import type { InstanceFolder } from './instance-folder.mts';
import type { PostgresServer } from './postgres.mts';
import { provisionDatabase, sameForAll, type DatabaseUrls } from './provision-database.mts';
import { inRepository } from './repository.mts';
import { mustRun } from './run-program.mts';
import { migrationOf, SERVICES } from './services.mts';

/** The database of a private instance; beside it there is only what tests make. */
export const DATABASE = 'offload';

/** Makes the database `offload` with its roles on a private server; a given one is taken as it is. */
export async function provisionInstance(
  folder: InstanceFolder,
  postgres: PostgresServer,
): Promise<DatabaseUrls> {
  if (!postgres.isPrivate) return sameForAll(postgres.url);
  const passwordOf = (role: string): string => folder.secret(role);
  return provisionDatabase(postgres.url, { database: DATABASE, passwordOf });
}

/** Brings the schema of every service up to date. Expects dist/ to be built; safe to repeat. */
export async function migrateServices(databaseUrls: DatabaseUrls): Promise<void> {
  await Promise.all(
    SERVICES.map((service) =>
      mustRun(process.execPath, [migrationOf(service)], {
        cwd: inRepository(),
        env: { PATH: process.env.PATH, DATABASE_URL: databaseUrls[service] },
      }),
    ),
  );
}
