import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { AppError } from '@offload/platform';

/** Every service with a schema, in the order they are migrated. */
export const SERVICES = ['gateway', 'ingest', 'notifier'] as const;
export type Service = (typeof SERVICES)[number];

/**
 * Brings the schema of every service up to date, each by its own program and as its own role. Safe to repeat, and to
 * run twice at once: one waits for the other. A migration that fails leaves nothing of itself behind.
 */
export async function migrateSchemas(urlOf: (service: Service) => string): Promise<void> {
  for (const service of SERVICES) {
    const code = await run(join(__dirname, `../../${service}/src/database/migrate.js`), {
      DATABASE_URL: urlOf(service),
    });
    if (code === 0) continue;
    throw new AppError(
      'migrate.failed',
      `The schema of ${service} could not be brought up to date (exit ${code}); what it said stands above. Nothing of the step that failed was kept. Mend it and run this again.`,
    );
  }
}

function run(program: string, env: NodeJS.ProcessEnv): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}
