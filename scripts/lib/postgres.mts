import { dockerAnswers } from './docker-container.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { installPackage } from './install-package.mts';
import { PostgresInDocker } from './postgres-in-docker.mts';
import { findPostgres } from './postgres-programs.mts';
import { PrivatePostgres, type PostgresSettings } from './private-postgres.mts';
import { say } from './say.mts';

/** A PostgreSQL server with the address of an administrator. */
export interface PostgresServer {
  readonly url: string;
  /** Name and version, for people. */
  readonly description: string;
  /** False for one that was given by DATABASE_URL: its roles are its owner's business. */
  readonly isPrivate: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
}

/** The server at DATABASE_URL, else a private one. */
export async function startPostgres(
  folder: InstanceFolder,
  settings: PostgresSettings,
): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL;
  return given ? givenPostgres(given) : await startPrivatePostgres(folder, settings);
}

/**
 * A private server, started: from the npm package, from programs on this machine, from Docker, or
 * from a Debian package that is installed for it. Throws when none of these is open, and says what
 * to install.
 */
export async function startPrivatePostgres(
  folder: InstanceFolder,
  settings: PostgresSettings,
): Promise<PostgresServer> {
  const startedAt = Date.now();
  const server = await choosePrivate(folder, settings);
  await server.start();
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(`${server.description} is ready on port ${new URL(server.url).port} (${seconds} s).`);
  return server;
}

async function choosePrivate(
  folder: InstanceFolder,
  settings: PostgresSettings,
): Promise<PostgresServer> {
  const found = findPostgres(folder);
  if (found) return new PrivatePostgres(folder, found, settings);
  if (dockerAnswers()) return new PostgresInDocker(folder, settings);
  const installed = (await installPackage('postgresql')) ? findPostgres(folder) : undefined;
  if (installed) return new PrivatePostgres(folder, installed, settings);
  throw new Error(
    'No PostgreSQL 15 or later was found, no Docker engine answers, and no package can be installed ' +
      'here. Install PostgreSQL, start Docker, or set DATABASE_URL to a server you have.',
  );
}

function givenPostgres(url: string): PostgresServer {
  const description = 'PostgreSQL at DATABASE_URL';
  return {
    url,
    description,
    isPrivate: false,
    start: leaveAlone,
    stop: leaveAlone,
    kill: leaveAlone,
  };
}

/** A server that was given is neither started nor stopped by us. */
async function leaveAlone(): Promise<void> {}
