import { hostname } from 'node:os';
import { v7 } from 'uuid';
import { headers, withoutBrokerHistory } from '../amqp/headers.js';
import type { IncomingMessage, WireMessage } from '../amqp/wire.js';
import { exchanges, tierName } from '../topology/names.js';
import { attemptOf } from './delivery-facts.js';
import type { DeliveryResult } from './delivery.js';
import { failureHeaders } from './failure.js';
import { nearestTier, nextTier } from './retry-policy.js';

export interface SettlePolicy {
  service: string;
  attempts: number;
  tiersMs: readonly number[];
  /** When a try that did not count is to come back, about. */
  pauseMs: number;
}

/**
 * The copy that has to be confirmed before a failed delivery is acknowledged; undefined when there is
 * nothing to publish. Pure but for the clock, the random number and the new id.
 */
export function followUp(
  message: IncomingMessage,
  result: DeliveryResult,
  { service, attempts, tiersMs, pauseMs }: SettlePolicy,
  random: number = Math.random(),
): WireMessage | undefined {
  if (result.outcome === 'handled' || result.outcome === 'duplicate') return undefined;
  const failure = failureHeaders(message, result.error, service, new Date());
  const attempt = attemptOf(message);
  const tier = result.isCounted
    ? nextTier({ attempts, tiersMs }, attempt, random)
    : nearestTier(tiersMs, pauseMs);
  if (result.outcome === 'dead-letter' || tier === undefined) {
    return deadLetterCopy(message, failure);
  }
  return retryCopy(message, tier, {
    ...failure,
    [headers.attempt]: result.isCounted ? attempt + 1 : attempt,
  });
}

/**
 * For a delivery that was not tried at all: it comes back as it is, but for the name of its queue, which a
 * copy that waits in a tier carries with it. Undefined where there is no tier.
 */
export function comeBackCopy(
  message: IncomingMessage,
  { tiersMs, pauseMs }: Pick<SettlePolicy, 'tiersMs' | 'pauseMs'>,
): WireMessage | undefined {
  const tier = nearestTier(tiersMs, pauseMs);
  return tier === undefined
    ? undefined
    : retryCopy(message, tier, { [headers.failedQueue]: message.queue });
}

function retryCopy(
  message: IncomingMessage,
  tierMs: number,
  added: Record<string, unknown>,
): WireMessage {
  // After its time the tier hands it to the default exchange, which takes the routing key for a queue's name.
  return copyOf(message, exchanges.retry, { ...added, [headers.retryTier]: tierName(tierMs) });
}

function deadLetterCopy(message: IncomingMessage, failure: Record<string, unknown>): WireMessage {
  return copyOf(message, exchanges.deadLetters, {
    ...failure,
    [headers.attempt]: attemptOf(message),
    [headers.deadLetterId]: v7(),
  });
}

function copyOf(
  message: IncomingMessage,
  exchange: string,
  added: Record<string, unknown>,
): WireMessage {
  return {
    exchange,
    routingKey: message.queue,
    messageId: messageIdOf(message),
    properties: message.properties,
    headers: { ...withoutBrokerHistory(message.headers), ...added },
    body: message.body,
  };
}

/** A message without an id gets none by accident of the client library: the copy's confirm is matched by it. */
function messageIdOf(message: IncomingMessage): string {
  return message.messageId ?? `unidentified-${hostname()}-${v7()}`;
}
