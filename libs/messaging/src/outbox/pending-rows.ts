import type { EntityManager } from 'typeorm';
import type { WireMessage, WireProperties } from '../amqp/wire.js';

/** A message of the outbox that waits for its turn. */
export interface PendingRow {
  id: string;
  message_id: string;
  exchange: string;
  routing_key: string;
  properties: WireProperties;
  headers: Record<string, unknown>;
  body: Buffer;
}

/**
 * The oldest of the rows whose turn it is, locked until the transaction ends; those that another replica has
 * locked are left out. `which` is a condition of ours, never a value from outside.
 */
export function lockPending(
  tx: EntityManager,
  which: string,
  limit: number,
): Promise<PendingRow[]> {
  return tx.query(
    `select id, message_id, exchange, routing_key, properties, headers, body
       from outbox_message
      where sent_at is null and available_at <= now() and ${which}
      order by available_at, id
      limit $1
      for update skip locked`,
    [limit],
  );
}

/** What is published of it. */
export function toWire(row: PendingRow): WireMessage {
  return {
    exchange: row.exchange,
    routingKey: row.routing_key,
    messageId: row.message_id,
    properties: row.properties,
    headers: row.headers,
    body: row.body,
  };
}

/** Marks them sent, and lets the commit of this transaction go on before it is on the disk. */
export async function markSent(tx: EntityManager, ids: string[]): Promise<void> {
  await tx.query(
    `with unhurried as (select set_config('synchronous_commit', 'off', true))
     update outbox_message set sent_at = now() from unhurried where id = any($1::bigint[])`,
    [ids],
  );
}

/** A row that could not be sent, and why. */
export interface Failed {
  id: string;
  reason: string;
}

/** Gives each its reason and a later turn; the wait doubles from one second to a minute. */
export async function postpone(tx: EntityManager, failed: readonly Failed[]): Promise<void> {
  await tx.query(
    `update outbox_message
        set failures = failures + 1,
            last_error = failed.reason,
            available_at = clock_timestamp() + least(60, power(2, least(failures, 6))) * interval '1 second'
       from unnest($1::bigint[], $2::text[]) as failed (id, reason)
      where outbox_message.id = failed.id`,
    [failed.map(({ id }) => id), failed.map(({ reason }) => reason)],
  );
}
