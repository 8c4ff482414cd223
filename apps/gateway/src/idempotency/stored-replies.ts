import type { EntityManager } from 'typeorm';
import { Reply } from '../http/reply.js';
import { IdempotencyKeyReused } from './idempotency-key.js';
import type { KeyedRequest } from './request-key.js';

/** How long the answer to a key is kept, in hours. */
export const retentionHours = 48;

export interface StoredReply {
  fingerprint: Buffer;
  reply: Reply;
}

/** The answer that an earlier request with this key was given; undefined when there is none. */
export async function findReply(
  tx: EntityManager,
  { caller, route, key }: KeyedRequest,
): Promise<StoredReply | undefined> {
  const [row]: StoredReplyRow[] = await tx.query(
    `select fingerprint, status, headers, body from idempotency_key
      where tenant_id = $1 and route = $2 and key = $3
        and created_at > now() - $4 * interval '1 hour'`,
    [caller.tenantId, route, key, retentionHours],
  );
  if (!row) return undefined;
  return { fingerprint: row.fingerprint, reply: new Reply(row.status, row.headers, row.body) };
}

/** The stored answer, marked as such. Throws IdempotencyKeyReused when it was the answer to something else. */
export function replayOf(stored: StoredReply, fingerprint: Buffer): Reply {
  if (!stored.fingerprint.equals(fingerprint)) throw new IdempotencyKeyReused();
  return stored.reply.with({ 'Idempotency-Replayed': 'true' });
}

/** Must run in the transaction of what the answer speaks of, while the key is held. */
export async function storeReply(
  tx: EntityManager,
  { caller, route, key }: KeyedRequest,
  { fingerprint, reply }: StoredReply,
): Promise<void> {
  await tx.query(
    `insert into idempotency_key (tenant_id, route, key, fingerprint, status, headers, body)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, route, key) do update
       set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
           body = excluded.body, created_at = excluded.created_at`,
    [
      caller.tenantId,
      route,
      key,
      fingerprint,
      reply.status,
      JSON.stringify(reply.headers),
      JSON.stringify(reply.body),
    ],
  );
}

interface StoredReplyRow {
  fingerprint: Buffer;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}
