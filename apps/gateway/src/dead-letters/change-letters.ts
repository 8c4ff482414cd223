import type { DeadLetterState } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { recordTouched } from '../audit/record-operation.js';
import type { LastAction } from './dead-letter.entity.js';
import { MoreThanExpected, TooManyLetters } from './dead-letters.errors.js';
import type { Conditions } from './filter-letters.js';
import { type SubjectListeners, type SubjectOfDeadLetter, tellSubjects } from './subjects.js';

/** What one transaction holds: each of them is locked, written and noted in the audit. */
export const mostLetters = 100_000;

/** An act of an operator on the dead letters that meet the conditions. */
export interface LetterChange {
  listeners: SubjectListeners;
  caller: Caller;
  /** Its entry in the audit, which whoever calls this writes, with the count. */
  operationId: string;
  reason: string;
  /** Over the alias `letter`, with parameters from $1. The state need not be among them. */
  conditions: Conditions;
  /** At most so many, or nothing is done. */
  expectedCount?: number | undefined;
}

/**
 * Discards those that are open, tells what they are about, and notes each in the audit; answers how many.
 *
 * Two people who do it at once discard each of them once: the second waits, and finds them discarded. Must
 * run in a transaction. Throws MoreThanExpected or TooManyLetters, after which nothing is changed.
 */
export async function discardLetters(tx: EntityManager, change: LetterChange): Promise<number> {
  return changeLetters(tx, change, { action: 'discard', from: 'open', to: 'discarded' });
}

/** The same in the other direction: those that are discarded are open again. */
export async function restoreLetters(tx: EntityManager, change: LetterChange): Promise<number> {
  return changeLetters(tx, change, { action: 'restore', from: 'discarded', to: 'open' });
}

/** How many there are to do it to. */
export async function countLetters(
  tx: EntityManager,
  { sql, parameters }: Conditions,
  state: DeadLetterState,
): Promise<number> {
  const [row]: { count: string }[] = await tx.query(
    `select count(*) as count from dead_letter letter where letter.state = '${state}' and (${sql})`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

interface Step {
  action: 'discard' | 'restore';
  from: DeadLetterState;
  to: DeadLetterState;
}

async function changeLetters(tx: EntityManager, change: LetterChange, step: Step): Promise<number> {
  const ids = await lock(tx, change, step.from);
  for (let at = 0; at < ids.length; at += batchSize) {
    const changed = await write(tx, change, step, ids.slice(at, at + batchSize));
    const touched = changed.map(({ id, messageId }) => ({ deadLetterId: id, messageId }));
    await recordTouched(tx, change.operationId, `dead_letter.${step.action}`, touched);
  }
  // What they are about is locked last, so that nobody who holds such a row waits for a dead letter.
  await tellSubjects(tx, change.listeners, await subjectsOf(tx, ids));
  return ids.length;
}

/** Statements that write stay short, however many there are. */
const batchSize = 5000;

/** In the order of their ids, so that two who want the same ones cannot hold each other up for good. */
async function lock(
  tx: EntityManager,
  { conditions, expectedCount }: LetterChange,
  state: DeadLetterState,
): Promise<string[]> {
  const most = Math.min(expectedCount ?? mostLetters, mostLetters);
  const rows: { id: string }[] = await tx.query(
    `select letter.id from dead_letter letter
      where letter.state = '${state}' and (${conditions.sql})
      order by letter.id limit ${most + 1} for update`,
    conditions.parameters,
  );
  if (rows.length <= most) return rows.map(({ id }) => id);
  if (expectedCount === undefined || expectedCount > mostLetters) {
    throw new TooManyLetters(mostLetters);
  }
  throw new MoreThanExpected(expectedCount, await countLetters(tx, conditions, state));
}

async function write(
  tx: EntityManager,
  { caller, operationId, reason }: LetterChange,
  { action, to }: Step,
  ids: readonly string[],
): Promise<{ id: string; messageId: string | null }[]> {
  const at = new Date().toISOString();
  const lastAction: LastAction = { kind: action, operationId, reason, keyId: caller.keyId, at };
  await tx.query(
    `update dead_letter
        set state = '${to}', last_action = $2,
            closed_at = case '${to}' when 'discarded' then now() end
      where id = any($1::uuid[])`,
    [ids, JSON.stringify(lastAction)],
  );
  return tx.query(
    `select id, message_id as "messageId" from dead_letter where id = any($1::uuid[]) order by id`,
    [ids],
  );
}

async function subjectsOf(
  tx: EntityManager,
  ids: readonly string[],
): Promise<SubjectOfDeadLetter[]> {
  return tx.query(
    `select distinct on (subject, tenant_id, message_type) state, subject,
            tenant_id as "tenantId", message_type as "messageType",
            failure_message as "failureMessage", failed_at as "failedAt"
       from dead_letter where id = any($1::uuid[]) and subject is not null
      order by subject, tenant_id, message_type, id desc`,
    [ids],
  );
}
