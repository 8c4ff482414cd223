import { isTracing } from '@offload/platform';
import { headers } from '../amqp/headers.js';
import { isMinor, openPublishSpan } from '../amqp/message-span.js';
import type { Publisher } from '../amqp/publisher.js';
import type { WireMessage } from '../amqp/wire.js';

/** Publishes a message of the outbox as a step of the trace that it belongs to, and lets it carry that on. */
export async function publishTraced(publisher: Publisher, message: WireMessage): Promise<void> {
  if (!isTracing() || isMinor(message)) return publisher.publish(message);
  const span = openPublishSpan(message);
  try {
    await publisher.publish({
      ...message,
      headers: { ...message.headers, [headers.traceparent]: span.traceparent },
    });
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
