import type {
  DeadLetterResource,
  DeadLetterSummary,
  ResolvedReference,
} from '@offload/contracts/http';
import type { DeadLetterEntity } from './dead-letter.entity.js';

export type LetterHistory = DeadLetterResource['history'];

/** What a list shows of a dead letter. */
export function deadLetterSummary(letter: DeadLetterEntity): DeadLetterSummary {
  const { lastAction } = letter;
  return {
    id: letter.id,
    object: 'dead_letter',
    state: letter.state,
    group_id: letter.groupId,
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
      frame: letter.failureFrame,
      service: letter.failureService,
      host: letter.failureHost,
    },
    attempts: letter.attempts,
    failures: letter.failures,
    replays: letter.replays,
    edit_of: letter.editOf,
    first_failed_at: letter.firstFailedAt.toISOString(),
    failed_at: letter.failedAt.toISOString(),
    last_action: lastAction && {
      kind: lastAction.kind,
      // Those of before the audit have none.
      operation_id: lastAction.operationId ?? null,
      reason: lastAction.reason,
      key_id: lastAction.keyId,
      at: lastAction.at,
    },
  };
}

/** All of it, with the message, what that refers to, and what was done to it. */
export function deadLetterResource(
  letter: DeadLetterEntity,
  references: ResolvedReference[],
  history: LetterHistory,
): DeadLetterResource {
  return {
    ...deadLetterSummary(letter),
    stack: letter.failureStack,
    address: { exchange: letter.exchange, routing_key: letter.routingKey },
    properties: { ...letter.properties },
    headers: letter.headers,
    ...readBody(letter.body),
    references,
    history,
  };
}

/**
 * The body as JSON, or its bytes when it is not JSON; also when it is nested so deeply that the answer,
 * which has the body in it, could not be written.
 */
export function readBody(body: Buffer): Pick<DeadLetterResource, 'body' | 'body_encoding'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (levelsOf(text) <= deepest) return { body_encoding: 'json', body: JSON.parse(text) };
  } catch {
    // Not UTF-8, or not JSON.
  }
  return { body_encoding: 'base64', body: body.toString('base64') };
}

const deepest = 200;

/** How deeply the brackets of a JSON text are nested, those within its strings aside. */
function levelsOf(text: string): number {
  let level = 0;
  let levels = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isInString && unit === backslash) at += 1;
    else if (unit === quote) isInString = !isInString;
    else if (isInString) continue;
    else if (unit === openBracket || unit === openBrace) levels = Math.max(levels, (level += 1));
    else if (unit === closeBracket || unit === closeBrace) level -= 1;
  }
  return levels;
}

/** As code units: a body may be large, and comparing numbers is what this loop does. */
const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];
