import type { Envelope, MessageContext, Outgoing } from '@offload/contracts';
import { currentTraceparent, type PreparedStatement, queryPrepared } from '@offload/platform';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { headers } from '../amqp/headers.js';
import { type WireMessage, writeEnvelope } from '../amqp/wire.js';
import { exchangeOf } from '../topology/names.js';

/**
 * The one door out of a service.
 *
 * Messages are stored in the transaction of the rows they speak of; the relay publishes them after
 * the commit. What rolls back is never sent, what commits is never lost.
 */

/** Stores messages for sending. Must run in the transaction whose commit sends them. Answers their ids. */
export async function storeOutgoing(
  tx: EntityManager,
  messages: readonly Outgoing[],
  context: MessageContext,
): Promise<string[]> {
  const wire = messages.map((message) => toWire(message, context, new Date()));
  await storeWire(tx, wire);
  return wire.map(({ messageId }) => messageId);
}

/**
 * Stores messages that already have their address and headers, as a replay does. Must run in the
 * transaction whose commit sends them.
 */
export async function storeWire(
  tx: EntityManager,
  messages: readonly WireMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await queryPrepared(tx, insertMessages, [
    messages.map(({ messageId }) => messageId),
    messages.map(({ exchange }) => exchange),
    messages.map(({ routingKey }) => routingKey),
    messages.map(({ properties }) => JSON.stringify(properties)),
    messages.map((message) => JSON.stringify(message.headers)),
    messages.map(({ body }) => body),
  ]);
}

const insertMessages: PreparedStatement = {
  name: 'outbox-insert',
  text: `insert into outbox_message (message_id, exchange, routing_key, properties, headers, body)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[], $6::bytea[])`,
};

/** What the messages sent while handling this one have in common with it. Where they are made, the step at hand goes before its traceparent. */
export function contextOf(envelope: Envelope, service: string): MessageContext {
  return {
    source: service,
    tenantId: envelope.tenantId,
    correlationId: envelope.correlationId,
    causationId: envelope.id,
    traceparent: envelope.traceparent,
  };
}

function toWire(message: Outgoing, context: MessageContext, now: Date): WireMessage {
  const { isMinor = false } = message;
  const traceparent = currentTraceparent({ isMinor }) ?? context.traceparent;
  const envelope: Envelope = {
    ...context,
    traceparent,
    id: v7(),
    type: message.type,
    subject: message.subject,
    time: now.toISOString(),
    attempt: 1,
    replays: 0,
  };
  const wire = writeEnvelope(envelope);
  if (isMinor && traceparent !== undefined) wire.headers[headers.minor] = true;
  return {
    exchange: exchangeOf(message.kind),
    routingKey: message.type,
    ...wire,
    body: Buffer.from(JSON.stringify(message.payload)),
  };
}
