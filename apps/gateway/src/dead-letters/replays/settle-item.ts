import type { ReplayedMessageHandled } from '@offload/contracts';
import type { DeadLetterState } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { storableText } from '../../database/storable.js';
import { type SubjectListeners, type SubjectOfDeadLetter, tellSubjects } from '../subjects.js';

/**
 * How the outcome of a message that a replay has put back reaches its item, its dead letter and, as a row
 * that the runner counts in, the replay itself. Nobody who settles waits for the replay or for another
 * item: the row of the dead letter is locked first, then the item, then the thing it is about, everywhere.
 */

export interface FailedAgain {
  replayItemId: string;
  /** The row that has just been stored for the failure. */
  newLetterId: string;
  failureCode: string;
  failureMessage: string;
  failedAt: Date;
}

export interface SettledFailure {
  originalId: string;
  isEdited: boolean;
  /** The original, if it was open until then: what it is about is to be told. */
  closed: SubjectOfDeadLetter | undefined;
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
): Promise<SettledFailure | undefined> {
  const item = await lockItem(tx, replayItemId);
  if (!item || !(await isMessageOf(tx, item, newLetterId))) return undefined;
  const isReplaced = item.dead_letter_id !== newLetterId;
  const closed = await settle(tx, item, {
    state: 'failed_again',
    code: failureCode,
    detail: failureMessage,
    failedAs: newLetterId,
    resolvesIfOpenSince: isReplaced ? new Date() : undefined,
  });
  return { originalId: item.dead_letter_id, isEdited: item.is_edited, closed };
}

/**
 * A worker has handled the message, or had handled it before. Its dead letter is resolved, unless it has
 * failed once more after that; one that had been opened in the meantime is told to the thing it is about.
 * Answers false for an item whose outcome was known already.
 *
 * Must run in a transaction, as the last thing that locks anything.
 */
export async function settleHandled(
  tx: EntityManager,
  listeners: SubjectListeners,
  { replayItemId, messageId, outcome, handledAt }: ReplayedMessageHandled,
): Promise<boolean> {
  const item = await lockItem(tx, replayItemId);
  if (item?.message_id !== messageId.toLowerCase()) return false;
  const closed = await settle(tx, item, {
    state: 'succeeded',
    ...(outcome === 'handled' ? handled : alreadyHandled),
    failedAs: null,
    resolvesIfOpenSince: new Date(handledAt),
  });
  if (closed) await tellSubjects(tx, listeners, [closed]);
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
  letter_state: DeadLetterState;
  subject: string | null;
  tenant_id: string | null;
  message_type: string | null;
  failure_message: string;
  failed_at: Date;
}

/** The item, if its outcome is not known; locked after its dead letter, so that it stays so. */
async function lockItem(tx: EntityManager, id: string): Promise<ItemRow | undefined> {
  const [row]: ItemRow[] = await tx.query(
    `with letter as materialized (
       select id, state, subject, tenant_id, message_type, failure_message, failed_at from dead_letter
        where id = (select dead_letter_id from replay_item where id = $1) for update)
     select item.id, item.replay_id, item.dead_letter_id, item.message_id, item.batch, item.state,
            item.edited_body is not null as is_edited, letter.state as letter_state, letter.subject,
            letter.tenant_id, letter.message_type, letter.failure_message, letter.failed_at
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
  failedAs: string | null;
  /** Closes the dead letter, also an open one that has not failed after this time; undefined leaves it alone. */
  resolvesIfOpenSince: Date | undefined;
}

const longestDetail = 2000;

/** Answers the dead letter, if it was open and is resolved by this. */
async function settle(
  tx: EntityManager,
  item: ItemRow,
  { state, code, detail, failedAs, resolvesIfOpenSince }: Settlement,
): Promise<SubjectOfDeadLetter | undefined> {
  const resolved: unknown[] = await tx.query(
    `with settled as (
       update replay_item set state = $2, outcome_code = $3, outcome_detail = $4, failed_as = $10, settled_at = now()
        where id = $1
     ), resolved as (
       update dead_letter set state = 'resolved', closed_at = now()
        where id = $8 and (state = 'replaying' or state = 'open' and failed_at <= $9)
          and $9::timestamptz is not null
        returning id
     ), told as (
       insert into replay_outcome (replay_id, batch, was, state) values ($5, $6, $7, $2)
     )
     select id from resolved`,
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
      failedAs,
    ],
  );
  if (resolved.length === 0 || item.letter_state !== 'open') return undefined;
  return {
    state: 'resolved',
    subject: item.subject,
    tenantId: item.tenant_id,
    messageType: item.message_type,
    failureMessage: item.failure_message,
    failedAt: item.failed_at,
  };
}
