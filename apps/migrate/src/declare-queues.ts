import { setTimeout as delay } from 'node:timers/promises';
import { BrokerUnreachable, checkBroker, topology } from '@offload/messaging';
import type { FoundHandler } from './find-handlers.js';

export interface WantedQueues {
  handlers: readonly FoundHandler[];
  /** RETRY_TIERS_MS of the services. */
  tiersMs: readonly number[];
  /** How long to wait for a broker that does not answer yet. */
  seconds: number;
}

/**
 * Declares the queues of all services before any of them is there. On a new broker a message could otherwise come before one
 * of those who listen has ever been started, and would never reach it: nothing tells of a queue that nobody has declared. Safe to repeat.
 *
 * Throws UnfitBroker with the remedy.
 */
export async function declareQueues(
  url: string,
  { handlers, tiersMs, seconds }: WantedQueues,
): Promise<void> {
  const wanted = topology(handlers, tiersMs);
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await checkBroker(url, wanted);
      return;
    } catch (error) {
      if (!(error instanceof BrokerUnreachable) || Date.now() >= deadline) throw error;
    }
    await delay(1000);
  }
}
