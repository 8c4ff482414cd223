import { dockerAnswers } from '../../scripts/lib/docker-container.mts';
import { releaseInstance, takeAnyInstance } from '../../scripts/lib/instance-lock.mts';
import { findPostgres } from '../../scripts/lib/postgres-programs.mts';
import { type PostgresServer, startPrivatePostgres } from '../../scripts/lib/postgres.mts';
import { suiteEndings } from './suite-endings.js';

const NAME = 'faults-database';

/** Whether this machine can run a database server that a test may stop; with DATABASE_URL it need not. */
export function canRunDatabase(): boolean {
  const folder = takeAnyInstance(NAME);
  try {
    return findPostgres(folder) !== undefined || dockerAnswers();
  } finally {
    releaseInstance(folder);
  }
}

/**
 * A database server that belongs to one suite, with the same durability as in production. Call it
 * inside `describe`, before the stack's harness.
 */
export function databaseHarness(): () => PostgresServer {
  let server: PostgresServer | undefined;
  const whenDone = suiteEndings();

  beforeAll(async () => {
    const folder = takeAnyInstance(NAME);
    whenDone(async () => releaseInstance(folder));
    const started = await startPrivatePostgres(folder, { durable: true });
    whenDone(() => started.stop());
    server = started;
  }, 120_000);

  return () => {
    if (!server) throw new Error('The database server has not been started yet.');
    return server;
  };
}
