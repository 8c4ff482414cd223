import { AppError, describeError } from '@offload/platform';
import { type ChannelModel, connect } from 'amqplib';
import { addressesOf } from './connection.js';
import { declare } from './declare.js';
import type { Topology } from '../topology/topology.js';

/** The broker cannot carry our messages as it is; the message says what to change. */
export class UnfitBroker extends AppError {
  constructor(message: string, help: string, cause?: unknown) {
    super('messaging.unfit-broker', `${message} ${help}`, { cause, help });
  }
}

/** It does not answer; it may yet. */
export class BrokerUnreachable extends UnfitBroker {}

/** Oldest broker with message TTL and at-least-once dead lettering on quorum queues. */
const oldestVersion: [number, number] = [3, 10];

/**
 * Connects once, looks at the broker and declares the topology, before anything depends on it.
 *
 * Answers warnings for what works but should be changed. Throws UnfitBroker with the remedy, so that
 * a start that cannot work ends at once and in words instead of in a reconnect loop.
 */
export async function checkBroker(url: string, topology: Topology): Promise<string[]> {
  const connection = await connectToAny(addressesOf(url)).catch((error: unknown) => {
    throw unreachable(addressesOf(url), error);
  });
  // The failure of a refused declaration is thrown below; without a listener it would end the process.
  connection.on('error', () => undefined);
  try {
    const version = brokerVersion(connection.connection.serverProperties);
    refuseOldBroker(version);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    await declare(channel, topology).catch((error: unknown) => {
      throw new UnfitBroker(
        `The broker refused the topology: ${error instanceof Error ? error.message : String(error)}.`,
        'A queue or exchange of this name exists with other settings. Drain it, delete it and start again, or use another virtual host.',
        error,
      );
    });
    return warningsFor(version);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** The first node that answers; throws what the last one said when none does. */
async function connectToAny(addresses: readonly string[]): Promise<ChannelModel> {
  let reason: unknown;
  for (const address of addresses) {
    try {
      return await connect(address, { timeout: 10_000 });
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/** RabbitMQ tells a wrong user from a wrong password to nobody, and closes over a virtual host without a word. */
function unreachable(addresses: readonly string[], error: unknown): UnfitBroker {
  const where = addresses.map(withoutPassword).join(', ');
  const { code, message } = describeError(error);
  if (/ACCESS.REFUSED/.test(message)) {
    return new UnfitBroker(
      `RabbitMQ refuses user or password of ${where}.`,
      'Give the right ones in RABBITMQ_URL, with what is special in them percent-encoded.',
      error,
    );
  }
  if (message.includes('Expected ConnectionOpenOk')) {
    return new UnfitBroker(
      `RabbitMQ has no virtual host as ${where} names it, or this user may not use it.`,
      'Make it (rabbitmqctl add_vhost, set_permissions), or name another at the end of RABBITMQ_URL: …/name, and …/%2F for the default one.',
      error,
    );
  }
  const why = code === 'unexpected' ? message : code;
  return new BrokerUnreachable(
    `Cannot reach RabbitMQ at ${where} (${why}).`,
    'Start it, or set RABBITMQ_URL to the address of one that runs.',
    error,
  );
}

interface Version {
  text: string;
  major: number;
  minor: number;
  patch: number;
}

function brokerVersion(properties: { product?: unknown; version?: unknown }): Version {
  const text = typeof properties.version === 'string' ? properties.version : 'unknown';
  const [major = 0, minor = 0, patch = 0] = text
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  return { text, major, minor, patch };
}

function refuseOldBroker({ text, major, minor }: Version): void {
  if (major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1])) return;
  throw new UnfitBroker(
    `RabbitMQ ${text} is too old: quorum queues without message TTL would lose retries.`,
    `Use ${oldestVersion.join('.')} or later; 4.3.5 or later is recommended.`,
  );
}

function warningsFor({ text, major, minor, patch }: Version): string[] {
  const warnings: string[] = [];
  if (major === 3) {
    warnings.push(
      `RabbitMQ ${text} has no community support any more; everything works on it, but plan the upgrade to 4.3.`,
    );
  }
  if (major === 4 && minor === 3 && patch < 3) {
    warnings.push(`RabbitMQ ${text} can commit Raft entries too early; use 4.3.3 or later.`);
  }
  return warnings;
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]+@/, ':***@');
}
