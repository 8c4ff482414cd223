import type { DeadLetterResource, DeadLetterSummary } from '@offload/contracts/http';
import type { DeadLetterEntity } from './dead-letter.entity.js';

/** What a list shows of a dead letter. */
export function deadLetterSummary(letter: DeadLetterEntity): DeadLetterSummary {
  const { lastAction } = letter;
  return {
    id: letter.id,
    object: 'dead_letter',
    state: letter.state,
    message_id: letter.messageId,
    message_type: letter.messageType,
    tenant_id: letter.tenantId,
    correlation_id: letter.correlationId,
    subject: letter.subject,
    queue: letter.queue,
    failure: {
      code: letter.failureCode,
      class: letter.failureClass,
      message: letter.failureMessage,
      service: letter.failureService,
      host: letter.failureHost,
    },
    attempts: letter.attempts,
    failures: letter.failures,
    replays: letter.replays,
    first_failed_at: letter.firstFailedAt.toISOString(),
    failed_at: letter.failedAt.toISOString(),
    last_action: lastAction && {
      kind: lastAction.kind,
      reason: lastAction.reason,
      key_id: lastAction.keyId,
      at: lastAction.at,
    },
  };
}

/** All of it, with the message. */
export function deadLetterResource(letter: DeadLetterEntity): DeadLetterResource {
  return {
    ...deadLetterSummary(letter),
    stack: letter.failureStack,
    address: { exchange: letter.exchange, routing_key: letter.routingKey },
    properties: { ...letter.properties },
    headers: letter.headers,
    ...readableBody(letter.body),
  };
}

function readableBody(body: Buffer): Pick<DeadLetterResource, 'body' | 'body_encoding'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return { body_encoding: 'json', body: JSON.parse(text) };
  } catch {
    return { body_encoding: 'base64', body: body.toString('base64') };
  }
}
