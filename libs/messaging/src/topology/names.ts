import type { MessageKind } from '@offload/contracts';

/** The names on the broker. Queues of handlers are named where the handler is: `<service>.<what-it-does>`. */
export const exchanges = {
  commands: 'offload.commands',
  events: 'offload.events',
  /** Routes a copy to the retry tier named in its header; its routing key is the queue to return to. */
  retry: 'offload.retry',
  deadLetters: 'offload.dead-letters',
  /** The alternate exchange of commands and events: what no queue wants comes here. */
  unrouted: 'offload.unrouted',
  /** Without an alternate exchange: a hint that nobody hears is no loss. */
  hints: 'offload.hints',
  /** AMQP's default exchange: the routing key is the name of the queue. */
  default: '',
} as const;

/** Where messages of a kind are published. */
export function exchangeOf(kind: MessageKind): string {
  return { command: exchanges.commands, event: exchanges.events, hint: exchanges.hints }[kind];
}

export const queues = {
  deadLetters: 'dead-letters',
  unrouted: 'unrouted',
} as const;

/** `5s`, `10m`, `1h`: how a retry tier is written in its header and in the name of its queue. */
export function tierName(delayMs: number): string {
  if (delayMs % 3_600_000 === 0) return `${delayMs / 3_600_000}h`;
  if (delayMs % 60_000 === 0) return `${delayMs / 60_000}m`;
  if (delayMs % 1000 === 0) return `${delayMs / 1000}s`;
  return `${delayMs}ms`;
}

export function retryQueue(delayMs: number): string {
  return `${retryPrefix}${tierName(delayMs)}`;
}

const retryPrefix = 'retry.';

/** Whether the name can be a handler's queue: neither one to wait in nor one of last resort. */
export function isWorkQueue(name: string): boolean {
  return (
    name !== '' &&
    !name.startsWith(retryPrefix) &&
    name !== queues.deadLetters &&
    name !== queues.unrouted
  );
}

/** The queue of one gateway replica; exclusive, it goes with its connection. */
export function replicaQueue(service: string, purpose: string, instance: string): string {
  return `${service}.${purpose}.${instance}`;
}
