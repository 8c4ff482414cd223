import { type DeadLetter, noTenant } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { z } from 'zod';
import { storableJson, storableText } from '../database/storable.js';
import { type SubjectListeners, tellSubject } from './subjects.js';

/**
 * Keeps what the system has given up on, whatever it is, and tells the thing it is about.
 *
 * A message that fails again in the same queue, after a replay, opens its row again and is counted.
 * Must run in the transaction of the dead letter's delivery.
 */
export async function recordDeadLetter(
  tx: EntityManager,
  listeners: SubjectListeners,
  deadLetter: DeadLetter,
): Promise<void> {
  const row = rowOf(deadLetter);
  const columns = Object.keys(row);
  await tx.query(
    `insert into dead_letter as known (${columns.join(', ')})
     values (${columns.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (message_id, coalesce(queue, '')) do update set
       state = 'open',
       failures = known.failures + 1,
       first_failed_at = least(known.first_failed_at, excluded.first_failed_at),
       ${takenOver.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    Object.values(row),
  );
  await tellSubject(tx, listeners, {
    state: 'open',
    subject: row.subject,
    messageType: row.message_type,
    failureMessage: row.failure_message,
    failedAt: row.failed_at,
  });
}

/** What the latest failure says counts. */
const takenOver = [
  'tenant_id',
  'message_type',
  'correlation_id',
  'subject',
  'exchange',
  'routing_key',
  'properties',
  'headers',
  'body',
  'failure_code',
  'failure_class',
  'failure_message',
  'failure_stack',
  'failure_service',
  'failure_host',
  'failed_at',
  'attempts',
];

function rowOf(deadLetter: DeadLetter) {
  const { failure, properties, address } = deadLetter;
  return {
    id: v7(),
    message_id: text(deadLetter.messageId),
    tenant_id: tenantOf(deadLetter),
    queue: text(deadLetter.queue),
    message_type: text(properties.type),
    correlation_id: text(properties.correlationId),
    subject: text(deadLetter.subject),
    exchange: storableText(address.exchange),
    routing_key: storableText(address.routingKey),
    properties: JSON.stringify(storableJson(properties)),
    headers: JSON.stringify(storableJson(deadLetter.headers)),
    body: deadLetter.body,
    failure_code: storableText(failure.code),
    failure_class: storableText(failure.class),
    failure_message: storableText(failure.message),
    failure_stack: text(failure.stack),
    failure_service: text(failure.service),
    failure_host: text(failure.host),
    first_failed_at: failure.firstFailedAt,
    failed_at: failure.failedAt,
    attempts: Math.min(deadLetter.attempts, 2 ** 31 - 1),
    replays: Math.min(deadLetter.replays, 2 ** 31 - 1),
  };
}

function tenantOf({ tenantId }: DeadLetter): string | null {
  const isKnown =
    tenantId !== undefined && tenantId !== noTenant && z.uuid().safeParse(tenantId).success;
  return isKnown ? tenantId : null;
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : storableText(value);
}
