import { createHash } from 'node:crypto';
import { v5, v7 } from 'uuid';
import { z } from 'zod';
import { headers, withoutFailure } from '../amqp/headers.js';
import { editOf, replayItemIdOf } from '../amqp/replay-headers.js';
import type { IncomingMessage, WireProperties } from '../amqp/wire.js';
import { exchanges, isWorkQueue, queues } from '../topology/names.js';
import { type BrokerDeath, deathsOf } from './broker-deaths.js';
import { cut } from './failure.js';

/** A message that the system has given up on, with everything that is known of why. */
export interface DeadLetter {
  /** One act of giving up; a redelivery of the same dead letter has the same id. */
  id: string;
  messageId: string | undefined;
  properties: WireProperties;
  /** Fit for publishing again: no broker history, no failure, no replay. */
  headers: Record<string, unknown>;
  body: Buffer;
  /** Where a replay goes: the queue that failed, or the exchange that found no queue. */
  address: { exchange: string; routingKey: string };
  /** The queue that failed; undefined for an unrouted message. */
  queue: string | undefined;
  failure: Failure;
  attempts: number;
  replays: number;
  /** The item of the replay that had put it back, and has failed with it. */
  replayItemId: string | undefined;
  /** The message of which it is an edited copy. */
  editOf: string | undefined;
  tenantId: string | undefined;
  subject: string | undefined;
}

export interface Failure {
  code: string;
  class: string;
  message: string;
  stack: string | undefined;
  service: string | undefined;
  host: string | undefined;
  firstFailedAt: Date;
  failedAt: Date;
}

/** Codes of the dead letters that no handler of ours raised. */
export const workerDied = 'messaging.worker-died';
export const takenOut = 'messaging.taken-out';
export const unrouted = 'messaging.unrouted';

/**
 * Reads a message from one of the queues of last resort.
 *
 * Never throws: whatever is there is kept, also what could not be read anywhere else.
 */
export function readDeadLetter(message: IncomingMessage, now: Date): DeadLetter {
  const isUnrouted = message.queue === queues.unrouted;
  const queue = isUnrouted ? undefined : failedQueueOf(message);
  return {
    id: deadLetterId(message),
    messageId: message.messageId,
    properties: message.properties,
    headers: withoutFailure(message.headers),
    body: message.body,
    address: queue
      ? { exchange: '', routingKey: queue }
      : { exchange: message.exchange, routingKey: message.routingKey },
    queue,
    failure: isUnrouted ? unroutedFailure(message, now) : failureOf(message, now),
    attempts: count(message.headers[headers.attempt]) ?? 1,
    replays: count(message.headers[headers.replays]) ?? 0,
    replayItemId: replayItemIdOf(message.headers),
    editOf: editOf(message.headers),
    tenantId: text(message.headers[headers.tenantId]),
    subject: text(message.headers[headers.subject]),
  };
}

/**
 * The work queue that gave the message up, never one of the retry tiers that it went through: a message
 * put back into a tier is handed to the tier's name when its time is over, and nobody consumes that.
 *
 * Our copies name the queue, and the broker's come under the routing key that is its name (see `topology`).
 */
function failedQueueOf(message: IncomingMessage): string | undefined {
  const named = text(message.headers[headers.failedQueue]);
  const key = message.exchange === exchanges.deadLetters ? message.routingKey : undefined;
  const died = deathsOf(message.headers).map((death) => death.queue);
  const queue = [named, key, ...died].find((name) => name !== undefined && isWorkQueue(name));
  return queue === undefined ? undefined : cut(queue, longestNameBytes);
}

/** AMQP 0-9-1 has room for no more in the name of a queue or in a routing key. */
const longestNameBytes = 255;

function failureOf(message: IncomingMessage, now: Date): Failure {
  const failedAt = date(message.headers[headers.failedAt]) ?? now;
  return {
    ...reasonOf(message),
    service: text(message.headers[headers.failedService]),
    host: text(message.headers[headers.failedHost]),
    firstFailedAt: date(message.headers[headers.firstFailedAt]) ?? failedAt,
    failedAt,
  };
}

type Reason = Pick<Failure, 'code' | 'class' | 'message' | 'stack'>;

function reasonOf(message: IncomingMessage): Reason {
  const code = text(message.headers[headers.failureCode]);
  const death = brokerDeathOf(message);
  if (code === undefined || message.headers[headers.deadLetterId] === undefined || death) {
    return brokersReason(death);
  }
  return {
    code,
    class: text(message.headers[headers.failureClass]) ?? 'Error',
    message: text(message.headers[headers.failureMessage]) ?? '',
    stack: text(message.headers[headers.failureStack]),
  };
}

/** No handler of ours has given up. What the broker parts with for another reason than its delivery limit, an operator made it. */
function brokersReason(death: BrokerDeath | undefined): Reason {
  const how = waysOut[death?.reason ?? ''];
  if (how) return { code: takenOut, class: 'TakenOut', message: how, stack: undefined };
  return {
    code: workerDied,
    class: 'WorkerDied',
    message: `The broker gave up on it (${death?.reason ?? 'unknown reason'}): workers took it again and again and never settled it.`,
    stack: undefined,
  };
}

const waysOut: Partial<Record<string, string>> = {
  rejected: 'Somebody took it out of its queue at the broker; no worker of ours has tried it then.',
  expired:
    'A policy of the broker limits how long messages wait in its queue, and its time was over.',
  maxlen: 'A policy of the broker limits the length of its queue, and there was no room for it.',
};

function unroutedFailure(message: IncomingMessage, now: Date): Failure {
  return {
    code: unrouted,
    class: 'Unrouted',
    message: `No queue is bound to exchange "${message.exchange}" for "${message.routingKey}".`,
    stack: undefined,
    service: message.properties.appId,
    host: undefined,
    firstFailedAt: now,
    failedAt: now,
  };
}

/** The broker's own giving up; undefined for our copies, which carry no history of its. */
function brokerDeathOf({ headers: table }: IncomingMessage): BrokerDeath | undefined {
  return deathsOf(table).find(({ queue }) => isWorkQueue(queue));
}

/**
 * The id that one of our own copies carries. Whoever may publish can write the header, and what comes with
 * it into the retry tiers or from a dead worker would be taken for a copy of ours; such a message has died
 * at the broker, or was never routed. What is no uuid would be an inbox row that can never be stored.
 */
function ownId(message: IncomingMessage): string | undefined {
  if (message.queue === queues.unrouted || brokerDeathOf(message)) return undefined;
  return Uuid.safeParse(message.headers[headers.deadLetterId]).data;
}

const Uuid = z.uuid();

/**
 * Our own copies carry an id. The broker's do not, so theirs is derived from what stays the same when
 * the same dead letter is delivered again and differs when the message dies once more. A message that
 * nothing identifies is taken for a fresh one each time: stored twice is better than lost.
 */
function deadLetterId(message: IncomingMessage): string {
  const { queue, messageId, headers: table } = message;
  const ours = ownId(message);
  if (ours) return ours;
  if (messageId === undefined) return v7();
  const death = [
    table['x-death'] ?? null,
    table[headers.attempt] ?? 1,
    table[headers.replays] ?? 0,
  ];
  const hash = createHash('sha256')
    .update(JSON.stringify([queue, messageId, death]))
    .digest('hex');
  return v5(hash, namespace);
}

const namespace = '5d2c1f0e-6c0f-4c39-9a3d-0c6f5a1e7b11';

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function date(value: unknown): Date | undefined {
  const parsed = typeof value === 'string' ? new Date(value) : undefined;
  return parsed && !Number.isNaN(parsed.getTime()) ? parsed : undefined;
}
