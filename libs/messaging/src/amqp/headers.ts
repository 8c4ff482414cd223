/** The names of the headers that we set ourselves. Everything else about a message is an AMQP property. */
export const headers = {
  /** CloudEvents attributes that AMQP 0-9-1 has no property for. */
  time: 'ce-time',
  subject: 'ce-subject',
  specVersion: 'ce-specversion',
  tenantId: 'ce-tenantid',
  causationId: 'x-causation-id',
  traceparent: 'traceparent',
  /** One of a great many: a trace tells of it only where something comes of it. */
  minor: 'x-minor',
  /** The traceparent that it had before it was put back. */
  tracedBefore: 'x-traced-before',
  attempt: 'x-attempt',
  replays: 'x-replays',
  /** The item of the replay that put the message back; it goes with the message through its retries. */
  replayItem: 'x-replay-item',
  /** The message of which this one is a copy that an operator has edited. */
  editOf: 'x-edit-of',
  /** Selects the retry tier; without the prefix `x-`, which a headers exchange ignores. */
  retryTier: 'retry-tier',
  deadLetterId: 'x-dead-letter-id',
  failureCode: 'x-failure-code',
  failureClass: 'x-failure-class',
  failureMessage: 'x-failure-message',
  failureStack: 'x-failure-stack',
  failedQueue: 'x-failed-queue',
  failedService: 'x-failed-service',
  failedHost: 'x-failed-host',
  failedAt: 'x-failed-at',
  firstFailedAt: 'x-first-failed-at',
} as const;

/**
 * Headers fit for publishing again.
 *
 * A message republished with its `x-death` history is dropped without a trace by RabbitMQ before 4.0,
 * which takes it for a dead-lettering cycle; 4.x ignores the history, and counts in `x-delivery-count`
 * belong to the queue that wrote them. So no copy of ours carries any of these.
 */
export function withoutBrokerHistory(source: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !isBrokerHistory(name)));
}

function isBrokerHistory(name: string): boolean {
  return (
    /^x-(death|first-death-|last-death-)/.test(name) ||
    name === 'x-delivery-count' ||
    name === 'x-acquired-count' ||
    name === headers.retryTier
  );
}

/** Headers fit for a fresh start: no broker history, and no trace of earlier failures and replays. */
export function withoutFailure(source: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(withoutBrokerHistory(source)).filter(
      ([name]) =>
        !/^x-(failure|failed|first-failed)-/.test(name) &&
        name !== headers.deadLetterId &&
        name !== headers.replayItem,
    ),
  );
}
