import { isTracing, openSpan, type Span, type SpanAttributes } from '@offload/platform';
import { headers } from './headers.js';
import type { IncomingMessage, WireMessage } from './wire.js';

/**
 * The two steps of a message that a trace tells, by OpenTelemetry's conventions for messaging.
 *
 * `publish` (a producer, of the type `send`) is when the relay hands it to the broker, and its traceparent is
 * what the message carries on: the convention's creation context. `process` (a consumer) is one delivery of
 * it. So a message that is tried three times is one publish with three processes under it. What the relay
 * finds in the outbox is the traceparent of the step that stored it, which becomes the parent of publish.
 */
export function openPublishSpan(message: WireMessage): Span {
  const destination = nameOf(message.exchange, message.routingKey);
  return openSpan(`publish ${destination}`, {
    kind: 'producer',
    parent: text(message.headers[headers.traceparent]),
    links: linksOf(message),
    attributes: () => ({
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': destination,
      ...attributesOf(message),
    }),
  });
}

/** One delivery. A first try of a minor message is recorded only where something comes of it. */
export function openProcessSpan(message: IncomingMessage, attempt: number): Span {
  const parent = text(message.headers[headers.traceparent]);
  // Where nothing is recorded, nothing is prepared for it.
  if (!isTracing()) return openSpan(message.queue, { parent });
  const destination = nameOf(message.exchange, message.routingKey, message.queue);
  return openSpan(`process ${destination}`, {
    kind: 'consumer',
    parent,
    links: linksOf(message),
    isMinor: isMinor(message) && attempt === 1,
    attributes: () => ({
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': destination,
      ...attributesOf(message),
      'offload.queue': message.queue,
      'offload.attempt': attempt,
      'offload.redelivered': message.redelivered ? true : undefined,
    }),
  });
}

/** A trace passes over it, unless something comes of it. */
export function isMinor({ headers: table }: Pick<WireMessage, 'headers'>): boolean {
  return table[headers.minor] === true;
}

/** What was put back has to do with the trace in which it failed, which may be days old. */
function linksOf({ headers: table }: Pick<WireMessage, 'headers'>): string[] {
  const before = text(table[headers.tracedBefore]);
  return before === undefined ? [] : [before];
}

/** Conventions for RabbitMQ: `{exchange}:{routing key}:{queue}`, without what is empty or said twice. */
function nameOf(...parts: [exchange: string, routingKey: string, queue?: string]): string {
  return [...new Set(parts)].filter(Boolean).join(':');
}

function attributesOf({
  messageId,
  routingKey,
  properties,
  headers: table,
  body,
}: Pick<WireMessage, 'routingKey' | 'properties' | 'headers' | 'body'> & {
  messageId: string | undefined;
}): SpanAttributes {
  return {
    'messaging.system.name': 'rabbitmq',
    'messaging.message.id': messageId,
    'messaging.message.conversation_id': properties.correlationId,
    'messaging.message.body.size': body.length,
    'rabbitmq.destination.routing_key': routingKey || undefined,
    'cloudevents.event_type': properties.type,
    'cloudevents.event_subject': text(table[headers.subject]),
    'offload.tenant_id': text(table[headers.tenantId]),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
