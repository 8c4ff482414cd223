import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AppError } from '../errors/app-error.js';
import { describeError } from '../errors/describe-error.js';

export interface Patience {
  /** Where the address stands, for the remedy. (Default: DATABASE_URL) */
  variable?: string;
  /** How long to wait, in seconds. (Default: 30, as long as one that starts beside us may need) */
  seconds?: number;
}

/** There is no use in going on without PostgreSQL; the message says what is wrong and what to do. */
export class NoDatabase extends AppError {
  constructor(message: string, help: string, cause: unknown) {
    super('platform.no-database', `${message} ${help}`, { cause, help });
  }
}

/**
 * Connects to PostgreSQL, and waits for it while it may still be starting. What waiting does not help is
 * told at once.
 *
 * Throws NoDatabase with the remedy. `say` is told once that it waits.
 */
export async function connectPatiently(
  options: DataSourceOptions & { url?: string | undefined },
  say: (message: string) => void,
  { variable = 'DATABASE_URL', seconds = 30 }: Patience = {},
): Promise<DataSource> {
  for (let second = 0; ; second += 1) {
    try {
      return await new DataSource(options).initialize();
    } catch (error) {
      const where = addressOf(options.url);
      const { message, help, mayPass } = explain(error, where, variable);
      if (!mayPass) throw new NoDatabase(message, help, error);
      if (second >= seconds) {
        throw new NoDatabase(`${message} It was tried for ${seconds} s.`, help, error);
      }
      if (second === 0) say(`${message} Waiting for it for up to ${seconds} s.`);
      await delay(1000);
    }
  }
}

interface Explanation {
  message: string;
  help: string;
  /** Waiting may help. */
  mayPass: boolean;
}

interface Address {
  server: string;
  user: string;
  database: string;
}

/** By PostgreSQL's codes, see appendix A of its manual. */
function explain(
  error: unknown,
  { server, user, database }: Address,
  variable: string,
): Explanation {
  const { code, message } = describeError(error);
  if (code === '28P01' || code === '28000') {
    return {
      message: `PostgreSQL at ${server} refuses the user “${user}”: ${message}.`,
      help: `Give the right user and password in ${variable}.`,
      mayPass: false,
    };
  }
  if (code === '3D000') {
    return {
      message: `PostgreSQL at ${server} has no database “${database}”.`,
      help: `Name another one in ${variable}, or make it and bring its schemas up to date: npm run db:migrate, or the image offload/migrate.`,
      mayPass: false,
    };
  }
  if (code === '53300') {
    return {
      message: `PostgreSQL at ${server} has no connection left: ${message}.`,
      help: 'Lower DATABASE_POOL, run fewer processes, or raise max_connections of PostgreSQL.',
      mayPass: true,
    };
  }
  return {
    message: `PostgreSQL at ${server} cannot be reached: ${message}.`,
    help: `Start it, or set ${variable} to the address of one that runs.`,
    mayPass: true,
  };
}

function addressOf(url: string | undefined): Address {
  const parsed = URL.parse(url ?? '');
  if (!parsed) return { server: 'an unknown address', user: '', database: '' };
  return {
    server: `${parsed.hostname}:${parsed.port || '5432'}`,
    user: decodeURIComponent(parsed.username),
    database: decodeURIComponent(parsed.pathname.slice(1)),
  };
}
