import { type DeadLetter, noTenant } from '@offload/messaging';
import { v7 } from 'uuid';
import { z } from 'zod';
import { storableJson, storableText } from '../database/storable.js';
import { searchText } from './search-text.js';

/**
 * A dead letter as a row that PostgreSQL takes, whatever the message says of itself: a stranger may publish
 * anything, and one that cannot be stored would hold up all others.
 */
export function rowOf(deadLetter: DeadLetter, now: Date) {
  const { failure, properties, address } = deadLetter;
  const row = {
    id: v7(),
    message_id: idOf(deadLetter.messageId),
    tenant_id: tenantOf(deadLetter),
    queue: indexed(deadLetter.queue),
    message_type: indexed(properties.type),
    correlation_id: text(properties.correlationId),
    subject: indexed(deadLetter.subject),
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
    first_failed_at: timeOf(failure.firstFailedAt, now),
    failed_at: timeOf(failure.failedAt, now),
    attempts: Math.min(deadLetter.attempts, largestCount),
    replays: Math.min(deadLetter.replays, largestCount),
  };
  return { ...row, search_text: searchText({ texts: searched(row), body: deadLetter.body }) };
}

/** A header can claim any number; this one leaves room to count on. */
const largestCount = 1_000_000;

/** PostgreSQL refuses a row whose part of an index is larger than about 2700 bytes. */
const longestIndexed = 500;

function searched(row: Record<(typeof searchedColumns)[number], string | null>) {
  return searchedColumns.map((column) => row[column]);
}

const searchedColumns = [
  'id',
  'message_id',
  'correlation_id',
  'subject',
  'failure_code',
  'failure_class',
  'failure_message',
] as const;

/** Of a uuid the form in which it is published again, by which what becomes of it is found. */
function idOf(messageId: string | undefined): string | null {
  const isUuid = z.uuid().safeParse(messageId).success;
  return indexed(isUuid ? messageId?.toLowerCase() : messageId);
}

function tenantOf({ tenantId }: DeadLetter): string | null {
  const isKnown =
    tenantId !== undefined && tenantId !== noTenant && z.uuid().safeParse(tenantId).success;
  return isKnown ? tenantId : null;
}

/** A time that no clock of ours can have shown is taken for a mistake, and so is one to come. */
function timeOf(given: Date, now: Date): Date {
  const isPossible = given.getTime() > 0 && given.getTime() < now.getTime() + 86_400_000;
  return isPossible ? given : now;
}

function indexed(value: string | undefined): string | null {
  return value === undefined ? null : storableText(value.slice(0, longestIndexed));
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : storableText(value);
}
