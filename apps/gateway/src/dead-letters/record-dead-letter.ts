import type { DeadLetterState } from '@offload/contracts/http';
import type { DeadLetter } from '@offload/messaging';
import type { EntityManager } from 'typeorm';
import { fingerprintOf } from './fingerprint.js';
import { placeInGroup } from './place-in-group.js';
import { settleFailedAgain } from './replays/settle-item.js';
import { rowOf } from './row-of-dead-letter.js';
import { type SubjectListeners, type SubjectOfDeadLetter, tellSubjects } from './subjects.js';

/**
 * Keeps what the system has given up on, whatever it is, and tells the replay that had put it back and
 * the thing it is about.
 *
 * A message that fails again in the same queue opens its row again and is counted, also one that had been
 * discarded: that it came back is news. Only while a replay has the message, a copy of it that the replay
 * has not sent leaves the row to the replay. Answers the id of the row. Must run in the transaction of the
 * dead letter's delivery.
 */
export async function recordDeadLetter(
  tx: EntityManager,
  listeners: SubjectListeners,
  deadLetter: DeadLetter,
): Promise<string> {
  const row = rowOf(deadLetter, new Date());
  const stored = await store(tx, row);
  const { isBack, closed } = await tellReplay(tx, deadLetter, stored.id);
  const letter: SubjectOfDeadLetter = {
    state: isBack ? 'open' : stored.state,
    subject: row.subject,
    tenantId: row.tenant_id,
    messageType: row.message_type,
    failureMessage: row.failure_message,
    failedAt: row.failed_at,
  };
  await tellSubjects(tx, listeners, closed ? [closed, letter] : [letter]);
  return stored.id;
}

interface Stored {
  id: string;
  state: DeadLetterState;
}

async function store(tx: EntityManager, row: ReturnType<typeof rowOf>): Promise<Stored> {
  const fingerprint = fingerprintOf(row);
  const placed = {
    ...row,
    failure_frame: fingerprint.frame,
    fingerprint_version: fingerprint.version,
    group_id: await placeInGroup(tx, fingerprint),
  };
  const columns = Object.keys(placed);
  const [stored]: Stored[] = await tx.query(
    `insert into dead_letter as known (${columns.join(', ')})
     values (${columns.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (message_id, coalesce(queue, '')) do update set
       state = case known.state when 'replaying' then 'replaying' else 'open' end,
       closed_at = null,
       failures = least(known.failures, 2147483646) + 1,
       first_failed_at = least(known.first_failed_at, excluded.first_failed_at),
       replays = greatest(known.replays, excluded.replays),
       ${columns
         .filter((column) => !keptOfTheFirst.has(column))
         .map((column) => `${column} = excluded.${column}`)
         .join(', ')}
     returning id, state`,
    Object.values(placed),
  );
  if (!stored) throw new Error('PostgreSQL has not answered with the row that it stored.');
  return stored;
}

/** Of everything else the latest failure counts. */
const keptOfTheFirst = new Set(['id', 'message_id', 'queue', 'first_failed_at', 'replays']);

interface ToldReplay {
  /** It is the message that a replay had put back. */
  isBack: boolean;
  /** The open dead letter whose place it has taken. */
  closed?: SubjectOfDeadLetter | undefined;
}

/**
 * What a replay had put back is open again. An edited copy that fails takes the place of its original,
 * which the replay closes.
 */
async function tellReplay(
  tx: EntityManager,
  deadLetter: DeadLetter,
  id: string,
): Promise<ToldReplay> {
  const { replayItemId, failure } = deadLetter;
  if (replayItemId === undefined) return { isBack: false };
  const settled = await settleFailedAgain(tx, {
    replayItemId,
    newLetterId: id,
    failureCode: failure.code,
    failureMessage: failure.message,
    failedAt: failure.failedAt,
  });
  if (!settled) return { isBack: false };
  await tx.query(
    `update dead_letter set state = 'open', closed_at = null, edit_of = coalesce($2, edit_of)
      where id = $1`,
    [id, settled.isEdited ? settled.originalId : null],
  );
  return { isBack: true, closed: settled.closed };
}
