import { storeWire } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { recordTouched } from '../../audit/record-operation.js';
import type { LastAction } from '../dead-letter.entity.js';
import { skipItems } from './release-items.js';
import type { ReplayEntity } from './replay.entity.js';
import { replayedMessage, type ReplayedRow } from './replayed-message.js';

/** What one step may read into memory. A single larger message is a step by itself. */
const mostBytes = 8 * 1024 * 1024;

/**
 * Puts the next messages of these queues into the outbox, in the order of their turn, and counts them.
 * What is not to be put back any more (it was handled meanwhile) is skipped.
 *
 * Must run in the transaction that holds the replay; the relay sends them after its commit. Answers how
 * many were published.
 */
export async function publishItems(
  tx: EntityManager,
  replay: ReplayEntity,
  queues: readonly string[],
  count: number,
): Promise<number> {
  const next = await findNext(tx, replay.id, queues, count);
  if (next.length === 0) return 0;
  const rows = await lockLetters(tx, next);
  const open = new Set(rows.map((row) => row.item_id));
  await skipItems(
    tx,
    replay,
    next.filter((id) => !open.has(id)),
    'not_open',
  );
  if (rows.length === 0) return 0;

  const published = rows.map((row) => ({ row, message: replayedMessage(row, v7) }));
  await markPublished(tx, replay, published);
  await storeWire(
    tx,
    published.map(({ message }) => message),
  );
  await recordTouched(
    tx,
    replay.id,
    'replay.publish',
    published.map(({ row, message: { messageId } }) => ({
      deadLetterId: row.dead_letter_id,
      messageId,
    })),
  );
  replay.claimed -= rows.length;
  replay.published += rows.length;
  replay.batchPublished += rows.length;
  return rows.length;
}

/** Each queue has an index of its own to read from, however many of another queue stand before. */
async function findNext(
  tx: EntityManager,
  replayId: string,
  queues: readonly string[],
  count: number,
): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `select id
       from (select item.id, item.position,
                    sum(octet_length(letter.body)) over (order by item.position)
                      - octet_length(letter.body) as bytes_before
               from (select next.*
                       from unnest($2::text[]) as target (queue)
                      cross join lateral (
                        select id, position, dead_letter_id from replay_item
                         where replay_id = $1 and state = 'claimed' and queue = target.queue
                         order by position limit $3) as next
                      order by next.position limit $3) as item
               left join dead_letter letter on letter.id = item.dead_letter_id) as sized
      where bytes_before is null or bytes_before < $4
      order by position`,
    [replayId, queues, count, mostBytes],
  );
  return rows.map(({ id }) => id);
}

async function lockLetters(tx: EntityManager, items: readonly string[]): Promise<ReplayedRow[]> {
  const rows: (ReplayedRow & { position: number })[] = await tx.query(
    `select item.id as item_id, item.position, letter.id as dead_letter_id, letter.exchange,
            letter.routing_key, letter.message_id as original_id, letter.properties, letter.headers,
            letter.body, letter.replays, item.edited_body, item.message_id as edited_id
       from replay_item item join dead_letter letter on letter.id = item.dead_letter_id
      where item.id = any($1::uuid[]) and letter.state in ('open', 'replaying')
      order by letter.id for update of letter`,
    [items],
  );
  return rows.toSorted((a, b) => a.position - b.position);
}

async function markPublished(
  tx: EntityManager,
  replay: ReplayEntity,
  published: readonly { row: ReplayedRow; message: { messageId: string } }[],
): Promise<void> {
  await tx.query(
    `update replay_item item
        set state = 'published', batch = $2, published_at = now(), message_id = sent.message_id
       from unnest($1::uuid[], $3::text[]) as sent (id, message_id) where item.id = sent.id`,
    [
      published.map(({ row }) => row.item_id),
      replay.batch,
      published.map(({ message }) => message.messageId),
    ],
  );
  const lastAction: LastAction = {
    kind: replay.isEdited ? 'edit' : 'replay',
    operationId: replay.id,
    reason: replay.reason,
    keyId: replay.keyId,
    at: new Date().toISOString(),
  };
  await tx.query(
    `update dead_letter letter
        set state = 'replaying', replays = letter.replays + 1, last_action = $2,
            message_id = coalesce(sent.message_id, letter.message_id)
       from unnest($1::uuid[], $3::text[]) as sent (id, message_id) where letter.id = sent.id`,
    [
      published.map(({ row }) => row.dead_letter_id),
      JSON.stringify(lastAction),
      // By it the dead letter is known if it fails again; a copy that fails has a row of its own.
      published.map(({ row, message }) => (row.edited_body === null ? message.messageId : null)),
    ],
  );
}
