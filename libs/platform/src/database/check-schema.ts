import type { DataSource } from 'typeorm';
import { AppError } from '../errors/app-error.js';

/** The tables are not those that this version works with; the message says what to do. */
export class UnfitSchema extends AppError {
  constructor(message: string, help: string) {
    super('platform.unfit-schema', `${message} ${help}`, { help });
  }
}

/**
 * Compares the migrations that have run with those that this version has, before anything uses the tables.
 *
 * A migration that is missing ends the start. One that this version does not know was run by a newer one: that is so
 * during each upgrade and after each rollback, and is told, because migrations keep what the version before needs.
 * The exception says so by its name: one that begins with `Contract` takes away what older versions use, and ends
 * the start of these. Answers the warning, if there is one. Throws UnfitSchema.
 */
export async function checkSchema(
  dataSource: DataSource,
  schema: string,
): Promise<string | undefined> {
  const known = dataSource.migrations.map(({ name, constructor }) => name ?? constructor.name);
  const ran = await ranMigrations(dataSource);
  const { missing, foreign } = compareMigrations(known, ran);
  if (missing.length > 0) {
    throw new UnfitSchema(
      ran.length === 0
        ? `The tables of the schema “${schema}” have not been made.`
        : `The schema “${schema}” is older than this version: ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} not run.`,
      'Bring it up to date and start again: npm run db:migrate, or the image offload/migrate.',
    );
  }
  const contracted = foreign.filter((name) => name.startsWith('Contract'));
  if (contracted.length > 0) {
    throw new UnfitSchema(
      `The schema “${schema}” was changed for a newer version, and this one cannot work with it any more: ${contracted.join(', ')}.`,
      'Run the newer version, or restore a backup from before the change.',
    );
  }
  if (foreign.length === 0) return undefined;
  return `The schema “${schema}” has been changed by a newer version: ${foreign.join(', ')}. That is so during an upgrade and after a rollback; otherwise run the newer version.`;
}

/** Pure: which migrations have not run, and which have that nobody here knows. */
export function compareMigrations(
  known: readonly string[],
  ran: readonly string[],
): { missing: string[]; foreign: string[] } {
  return {
    missing: known.filter((name) => !ran.includes(name)),
    foreign: ran.filter((name) => !known.includes(name)),
  };
}

async function ranMigrations(dataSource: DataSource): Promise<string[]> {
  const [found]: { exists: boolean }[] = await dataSource.query(
    `select to_regclass('migration') is not null as exists`,
  );
  if (!found?.exists) return [];
  const rows: { name: string }[] = await dataSource.query(
    'select name from migration order by timestamp, name',
  );
  return rows.map(({ name }) => name);
}
