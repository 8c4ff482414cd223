import type { ReplayedMessageHandled } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import { storableText } from '../../database/storable.js';

/**
 * How the outcome of a message that a replay has put back reaches its item, its dead letter and, as a row
 * that the runner counts in, the replay itself. Nobody who settles waits for the replay or for another
 * item: the row of the dead letter is locked first, then the item, everywhere.
 */

export interface FailedAgain {
  replayItemId: string;
  /** The row that has just been stored for the failure. */
  newLetterId: string;
  failureCode: string;
  failureMessage: string;
  failedAt: Date;
}

/**
 * A message has become a dead letter again. Answers whose item it was; undefined when it is not that of
 * an item that is on its way or was given up waiting for, and so is an ordinary dead letter.
 *
 * When the failure has a row of its own (an edited copy, or a message that had found no queue before and
 * then found one) that takes the place of the original, which is resolved. Must run in the transaction
 * that stores the dead letter, after its row.
 */
export async function settleFailedAgain(
  tx: EntityManager,
  { replayItemId, newLetterId, failureCode, failureMessage }: FailedAgain,
): Promise<{ originalId: string; isEdited: boolean } | undefined> {
  const item = await lockItem(tx, replayItemId);
  if (!item || !(await isMessageOf(tx, item, newLetterId))) return undefined;
  const isReplaced = item.dead_letter_id !== newLetterId;
  await settle(tx, item, {
    state: 'failed_again',
    code: failureCode,
    detail: failureMessage,
    resolvesIfOpenSince: isReplaced ? new Date() : undefined,
  });
  return { originalId: item.dead_letter_id, isEdited: item.is_edited };
}

/**
 * A worker has handled the message, or had handled it before. Its dead letter is resolved, unless it has
 * failed once more after that. Answers false for an item whose outcome was known already.
 *
 * Must run in a transaction.
 */
export async function settleHandled(
  tx: EntityManager,
  { replayItemId, messageId, outcome, handledAt }: ReplayedMessageHandled,
): Promise<boolean> {
  const item = await lockItem(tx, replayItemId);
  if (item?.message_id !== messageId.toLowerCase()) return false;
  await settle(tx, item, {
    state: 'succeeded',
    ...(outcome === 'handled' ? handled : alreadyHandled),
    resolvesIfOpenSince: new Date(handledAt),
  });
  return true;
}

const handled = { code: 'handled', detail: 'It was handled.' };
const alreadyHandled = {
  code: 'already_handled',
  detail: 'It had been handled before; nothing happened.',
};

interface ItemRow {
  id: string;
  replay_id: string;
  dead_letter_id: string;
  message_id: string | null;
  batch: number;
  state: 'published' | 'expired';
  is_edited: boolean;
}

/** The item, if its outcome is not known; locked after its dead letter, so that it stays so. */
async function lockItem(tx: EntityManager, id: string): Promise<ItemRow | undefined> {
  const [row]: ItemRow[] = await tx.query(
    `with letter as materialized (
       select id from dead_letter
        where id = (select dead_letter_id from replay_item where id = $1) for update)
     select item.id, item.replay_id, item.dead_letter_id, item.message_id, item.batch, item.state,
            item.edited_body is not null as is_edited
       from letter join replay_item item on item.dead_letter_id = letter.id
      where item.id = $1 and item.state in ('published', 'expired') for update of item`,
    [id],
  );
  return row;
}

/** Whoever may publish can name any item in a header. */
async function isMessageOf(
  tx: EntityManager,
  { message_id: messageId }: ItemRow,
  letterId: string,
): Promise<boolean> {
  const [row]: { message_id: string | null }[] = await tx.query(
    'select message_id from dead_letter where id = $1',
    [letterId],
  );
  return messageId !== null && row?.message_id === messageId;
}

interface Settlement {
  state: 'succeeded' | 'failed_again';
  code: string;
  detail: string;
  /** Closes the dead letter, also an open one that has not failed after this time; undefined leaves it alone. */
  resolvesIfOpenSince: Date | undefined;
}

const longestDetail = 2000;

async function settle(
  tx: EntityManager,
  item: ItemRow,
  { state, code, detail, resolvesIfOpenSince }: Settlement,
): Promise<void> {
  await tx.query(
    `with settled as (
       update replay_item set state = $2, outcome_code = $3, outcome_detail = $4, settled_at = now()
        where id = $1
     ), resolved as (
       update dead_letter set state = 'resolved', closed_at = now()
        where id = $8 and (state = 'replaying' or state = 'open' and failed_at <= $9)
          and $9::timestamptz is not null
     )
     insert into replay_outcome (replay_id, batch, was, state) values ($5, $6, $7, $2)`,
    [
      item.id,
      state,
      storableText(code),
      storableText(detail).slice(0, longestDetail),
      item.replay_id,
      item.batch,
      item.state,
      item.dead_letter_id,
      resolvesIfOpenSince ?? null,
    ],
  );
}
