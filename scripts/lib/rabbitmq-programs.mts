import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canUse, type ServerUser } from './drop-privileges.mts';
import { findIn, findProgram, versionFolders } from './find-program.mts';

export interface RabbitmqPrograms {
  /** The server's own start script, which any user may run; Debian's wrapper wants root. */
  server: string;
  /** The Erlang port mapper, through which RabbitMQ's nodes and its command line find one another. */
  epmd: string;
  /** The server's own command line, beside it. */
  control: string;
}

/** RabbitMQ of a Debian package, else the one on PATH (Homebrew, a tarball); undefined when none. */
export function findRabbitmq(user: ServerUser | undefined): RabbitmqPrograms | undefined {
  const server = serverScript();
  const epmd = server && epmdProgram();
  if (!server || !epmd || !canUse(user, server)) return undefined;
  return { server, epmd, control: join(dirname(server), 'rabbitmqctl') };
}

function serverScript(): string | undefined {
  const debian = findIn(['/usr/lib/rabbitmq/bin'], 'rabbitmq-server');
  if (debian) return debian;
  const onPath = findProgram('rabbitmq-server');
  const server = onPath && join(dirname(onPath), 'rabbitmq-server');
  return server && existsSync(server) ? server : undefined;
}

function epmdProgram(): string | undefined {
  const onPath = findProgram('epmd');
  if (onPath) return onPath;
  const erl = findProgram('erl');
  if (!erl) return undefined;
  const root = dirname(dirname(erl));
  return findIn([join(root, 'bin'), ...versionFolders(root, 'bin')], 'epmd');
}
