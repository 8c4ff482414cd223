/** One queue that a message has left without being acknowledged, as the broker counts it in `x-death`. */
export interface BrokerDeath {
  queue: string;
  /** `rejected`, `expired`, `maxlen` or `delivery_limit`. */
  reason: string | undefined;
}

/** The latest first, as RabbitMQ keeps them. Empty for whatever is no such history: anybody can write the header. */
export function deathsOf(table: Record<string, unknown>): BrokerDeath[] {
  const history: unknown = table['x-death'];
  return Array.isArray(history) ? history.flatMap(deathOf) : [];
}

function deathOf(entry: unknown): BrokerDeath[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { queue, reason } = entry as Record<string, unknown>;
  if (typeof queue !== 'string') return [];
  return [{ queue, reason: typeof reason === 'string' ? reason : undefined }];
}
