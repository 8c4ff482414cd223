import type { Contract } from '@offload/contracts';
import { exchangeOf, exchanges, queues, retryQueue, tierName } from './names.js';

export interface Topology {
  exchanges: ExchangeDeclaration[];
  queues: QueueDeclaration[];
  bindings: BindingDeclaration[];
}

export interface ExchangeDeclaration {
  name: string;
  type: 'direct' | 'topic' | 'fanout' | 'headers';
  arguments: Record<string, unknown>;
}

export interface QueueDeclaration {
  name: string;
  arguments: Record<string, unknown>;
}

export interface BindingDeclaration {
  exchange: string;
  queue: string;
  routingKey: string;
  arguments: Record<string, unknown>;
}

/** A queue and the contract that feeds it. */
export interface HandlerAddress {
  queue: string;
  contract: Pick<Contract, 'kind' | 'type'>;
}

/**
 * Everything that must exist on the broker, as a pure function of the handlers and the retry tiers.
 *
 * Queues stand in the order of declaration: a queue that others dead-letter into comes before them,
 * because at-least-once dead lettering looks for its target only every three minutes.
 */
export function topology(
  handlers: readonly HandlerAddress[],
  tiersMs: readonly number[],
): Topology {
  return {
    exchanges: [
      exchange(exchanges.unrouted, 'fanout'),
      exchange(exchanges.commands, 'direct', { 'alternate-exchange': exchanges.unrouted }),
      exchange(exchanges.events, 'topic', { 'alternate-exchange': exchanges.unrouted }),
      exchange(exchanges.hints, 'direct'),
      exchange(exchanges.retry, 'headers'),
      exchange(exchanges.deadLetters, 'topic'),
    ],
    queues: [
      lastResort(queues.deadLetters),
      lastResort(queues.unrouted),
      ...handlers.map(({ queue }) => workQueue(queue)),
      ...tiersMs.map(tierQueue),
    ],
    bindings: [
      bind(exchanges.deadLetters, queues.deadLetters, '#'),
      bind(exchanges.unrouted, queues.unrouted, ''),
      ...handlers.map(({ queue, contract }) =>
        bind(exchangeOf(contract.kind), queue, contract.type),
      ),
      ...tiersMs.map((delayMs) =>
        bind(exchanges.retry, retryQueue(delayMs), '', {
          'x-match': 'all',
          'retry-tier': tierName(delayMs),
        }),
      ),
    ],
  };
}

/** How often the broker hands a message over again before it is a dead letter: a worker that dies of it. */
export const deliveryLimit = 20;

/**
 * The net underneath: what dies without our code running (a worker killed again and again) still
 * reaches the dead letters. `at-least-once` falls back to `at-most-once` in silence unless the
 * overflow is `reject-publish`.
 */
function workQueue(name: string): QueueDeclaration {
  return {
    name,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': exchanges.deadLetters,
      'x-dead-letter-routing-key': name,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  };
}

/**
 * One queue per delay: a time to live per message would block behind the head of the queue. What
 * expires goes through the default exchange with its own routing key, which is the queue it came from.
 */
function tierQueue(delayMs: number): QueueDeclaration {
  return {
    name: retryQueue(delayMs),
    arguments: {
      'x-queue-type': 'quorum',
      'x-message-ttl': delayMs,
      'x-dead-letter-exchange': exchanges.default,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  };
}

/** Nothing leaves these two but into the database, so the limit that RabbitMQ 4 sets by itself is lifted. */
function lastResort(name: string): QueueDeclaration {
  return { name, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 } };
}

function exchange(
  name: string,
  type: ExchangeDeclaration['type'],
  args: Record<string, unknown> = {},
): ExchangeDeclaration {
  return { name, type, arguments: args };
}

function bind(
  from: string,
  queue: string,
  routingKey: string,
  args: Record<string, unknown> = {},
): BindingDeclaration {
  return { exchange: from, queue, routingKey, arguments: args };
}
