import { openProcessSpan } from '../amqp/message-span.js';
import type { IncomingMessage } from '../amqp/wire.js';
import { attemptOf } from './delivery-facts.js';
import type { DeliveryResult } from './delivery.js';

/**
 * Makes a step of one delivery, in the trace that its message came with: what is done, logged and sent
 * meanwhile belongs to it. How the delivery ends is how the step ends.
 */
export async function traceDelivery(
  message: IncomingMessage,
  work: () => Promise<DeliveryResult>,
): Promise<DeliveryResult> {
  const span = openProcessSpan(message, attemptOf(message));
  try {
    const result = await span.run(work);
    span.set({
      'offload.outcome': result.outcome,
      'offload.counted': result.isCounted ? undefined : false,
    });
    if (result.error !== undefined) span.fail(result.error);
    return result;
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
