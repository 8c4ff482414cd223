import { dockerAnswers } from './docker-container.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { installPackage } from './install-package.mts';
import { PrivateRabbitmq } from './private-rabbitmq.mts';
import { RabbitmqInDocker } from './rabbitmq-in-docker.mts';
import { managementGet } from './rabbitmq-management.mts';
import { findRabbitmq } from './rabbitmq-programs.mts';
import { say } from './say.mts';

/** A RabbitMQ server with the addresses of an administrator. */
export interface RabbitmqServer {
  readonly url: string;
  /** Of the management plugin, with user and password; undefined where a given server has none. */
  readonly managementUrl: string | undefined;
  /** Name and version, for people. */
  readonly description: string;
  /** False for one that was given by RABBITMQ_URL. */
  readonly isPrivate: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Runs one command of `rabbitmqctl` on it; throws what it said when it fails, and for a given one. */
  control(...args: string[]): Promise<string>;
}

export interface RabbitmqOptions {
  /**
   * A private server on this machine begins empty. A node that was killed while it still knew queues
   * of long ago may not come up whole. (Default: false)
   */
  isFresh?: boolean;
}

/** The server at RABBITMQ_URL, else a private one. */
export function startRabbitmq(
  folder: InstanceFolder,
  options: RabbitmqOptions = {},
): Promise<RabbitmqServer> {
  const given = process.env.RABBITMQ_URL;
  if (given) return givenRabbitmq(given, process.env.RABBITMQ_MANAGEMENT_URL);
  return startPrivateRabbitmq(folder, options);
}

/**
 * A private server, started: from programs on this machine, from Docker, or from a Debian package
 * that is installed for it. Throws when none of these is open, and says what to install.
 */
export async function startPrivateRabbitmq(
  folder: InstanceFolder,
  { isFresh = false }: RabbitmqOptions = {},
): Promise<RabbitmqServer> {
  const startedAt = Date.now();
  const server = await choosePrivate(folder);
  if (isFresh && server instanceof PrivateRabbitmq) await server.removeData();
  await server.start();
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(`${server.description} is ready on port ${new URL(server.url).port} (${seconds} s).`);
  return server;
}

async function choosePrivate(folder: InstanceFolder): Promise<RabbitmqServer> {
  const found = findRabbitmq(folder.user);
  if (found) return new PrivateRabbitmq(folder, found);
  if (dockerAnswers()) return new RabbitmqInDocker(folder);
  const installed = (await installPackage('rabbitmq-server')) && findRabbitmq(folder.user);
  if (installed) return new PrivateRabbitmq(folder, installed);
  throw new Error(
    'No RabbitMQ was found, no Docker engine answers, and no package can be installed here. Install ' +
      'it (Debian and Ubuntu: rabbitmq-server, macOS: brew install rabbitmq), start Docker, or set ' +
      'RABBITMQ_URL to a server you have.',
  );
}

async function givenRabbitmq(url: string, managementUrl?: string): Promise<RabbitmqServer> {
  return {
    url,
    managementUrl: managementUrl ?? (await guessManagement(url)),
    description: 'RabbitMQ at RABBITMQ_URL',
    isPrivate: false,
    start: leaveAlone,
    stop: leaveAlone,
    kill: leaveAlone,
    control: () => Promise.reject(new Error('A server that was given is not commanded by us.')),
  };
}

/** The usual port on the same host with the same user, if the plugin answers there. */
async function guessManagement(url: string): Promise<string | undefined> {
  const { username, password, hostname } = new URL(url);
  const credentials = username ? `${username}:${password}` : 'guest:guest';
  const guess = `http://${credentials}@${hostname}:15672`;
  return (await managementGet(guess, '/api/overview')) && guess;
}

/** A server that was given is neither started nor stopped by us. */
async function leaveAlone(): Promise<void> {}
