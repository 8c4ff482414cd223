import { Envelope } from '@offload/contracts';
import { PermanentError } from '@offload/platform';
import { headers } from './headers.js';

/** A message as AMQP carries it, with its address. The outbox stores it in this form. */
export interface WireMessage {
  exchange: string;
  routingKey: string;
  messageId: string;
  properties: WireProperties;
  headers: Record<string, unknown>;
  body: Buffer;
}

/** The AMQP 0-9-1 properties that we use, besides the message id. */
export interface WireProperties {
  type?: string | undefined;
  appId?: string | undefined;
  correlationId?: string | undefined;
  contentType?: string | undefined;
  /** Whole seconds, as AMQP has it; the exact time is in the header `ce-time`. */
  timestamp?: number | undefined;
}

/** A message as it arrives, before anything about it has been believed. */
export interface IncomingMessage {
  queue: string;
  exchange: string;
  routingKey: string;
  redelivered: boolean;
  messageId: string | undefined;
  properties: WireProperties;
  headers: Record<string, unknown>;
  body: Buffer;
}

export const jsonContentType = 'application/json';

/** Spreads an envelope over AMQP properties and headers. `readEnvelope` is its inverse. */
export function writeEnvelope(
  envelope: Envelope,
): Pick<WireMessage, 'messageId' | 'properties' | 'headers'> {
  return {
    messageId: envelope.id,
    properties: {
      type: envelope.type,
      appId: envelope.source,
      correlationId: envelope.correlationId,
      contentType: jsonContentType,
      timestamp: Math.floor(Date.parse(envelope.time) / 1000),
    },
    headers: withoutUndefined({
      [headers.specVersion]: '1.0',
      [headers.time]: envelope.time,
      [headers.subject]: envelope.subject,
      [headers.tenantId]: envelope.tenantId,
      [headers.causationId]: envelope.causationId,
      [headers.traceparent]: envelope.traceparent,
      [headers.attempt]: envelope.attempt,
      [headers.replays]: envelope.replays,
    }),
  };
}

/** The envelope of an arrived message. Throws MalformedMessage when an attribute is missing or wrong. */
export function readEnvelope(message: IncomingMessage): Envelope {
  const parsed = Envelope.safeParse({
    id: message.messageId,
    source: message.properties.appId,
    type: message.properties.type,
    subject: message.headers[headers.subject],
    time: message.headers[headers.time],
    tenantId: message.headers[headers.tenantId],
    correlationId: message.properties.correlationId,
    causationId: message.headers[headers.causationId],
    traceparent: message.headers[headers.traceparent],
    attempt: message.headers[headers.attempt] ?? 1,
    replays: message.headers[headers.replays] ?? 0,
  });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new MalformedMessage(`The envelope is incomplete (${wrong.join('; ')}).`);
}

/** A message that does not fit its contract. No other try can mend it. */
export class MalformedMessage extends PermanentError {
  constructor(message: string, cause?: unknown) {
    super('messaging.malformed-message', message, { cause });
  }
}

function withoutUndefined(source: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
}
