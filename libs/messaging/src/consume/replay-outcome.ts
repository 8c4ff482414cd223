import { type Outgoing, ReplayedMessageHandled } from '@offload/contracts';
import { replayItemIdOf } from '../amqp/replay-headers.js';
import type { IncomingMessage } from '../amqp/wire.js';
import { attemptOf } from './delivery-facts.js';

/**
 * What the replay that put a message back is told of its end: one event, or nothing for a message that
 * nobody put back. It belongs into the transaction of the end that it tells of.
 */
export function replayOutcome(
  message: IncomingMessage,
  {
    outcome,
    messageId,
    service,
    now,
  }: { outcome: 'handled' | 'duplicate'; messageId: string; service: string; now: Date },
): Outgoing[] {
  const replayItemId = replayItemIdOf(message.headers);
  if (replayItemId === undefined) return [];
  return [
    ReplayedMessageHandled({
      replayItemId,
      messageId,
      queue: message.queue,
      service,
      outcome,
      attempt: attemptOf(message),
      handledAt: now.toISOString(),
    }),
  ];
}
