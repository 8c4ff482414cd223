import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@offload/platform';
import pg from 'pg';

/**
 * Returns when the server lets this address in. A server that does not answer yet, or is starting, is asked again
 * until the time is up; one that refuses the user, the password or the database is believed at once.
 */
export async function waitForDatabase(url: string, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const error = await connect(url);
    if (error === undefined) return;
    if (!mayPass(error) || Date.now() >= deadline) throw new DatabaseUnreachable(url, error);
    await delay(1000);
  }
}

/** The database cannot be used; the sentence says how it answered, and never with which password it was asked. */
export class DatabaseUnreachable extends AppError {
  constructor(url: string, cause: NodeJS.ErrnoException) {
    const { username, host, pathname } = new URL(url);
    super(
      'migrate.database-unreachable',
      `PostgreSQL at ${host}${pathname} does not let ${username} in: ${cause.message || cause.code}. ${remedyFor(cause)}`,
      { cause },
    );
  }
}

async function connect(url: string): Promise<NodeJS.ErrnoException | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** PostgreSQL's codes have five signs; what has another code, or none, never got to it. */
function mayPass({ code = '' }: NodeJS.ErrnoException): boolean {
  const isAnswer = /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E');
  return !isAnswer || code === '57P03' || code.startsWith('53');
}

function remedyFor({ code = '' }: NodeJS.ErrnoException): string {
  if (code.startsWith('28')) return 'Mend the user or the password in the address.';
  if (code === '3D000') return 'Make the database, or give ADMIN_DATABASE_URL, which makes it.';
  return 'Look whether the server runs and whether the address is right.';
}
