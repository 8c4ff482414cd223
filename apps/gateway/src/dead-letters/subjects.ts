import type { DeadLetterState } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';

/** What a dead letter means for the thing it is about. */
export interface Setback {
  /** Of the thing. */
  id: string;
  /** Whether this dead letter is open: stored just now, and not replayed or discarded. */
  isOpen: boolean;
  /** How many dead letters about it are open. */
  open: number;
  messageType: string | null;
  /** Why, for people. */
  detail: string;
  failedAt: Date;
}

/**
 * Told, by kind of subject, when a dead letter was stored, replayed or discarded. Runs in that
 * transaction. Wired in app.module.ts.
 */
export type SubjectListeners = Readonly<
  Record<string, (tx: EntityManager, setback: Setback) => Promise<void>>
>;

export const SUBJECT_LISTENERS = Symbol('SUBJECT_LISTENERS');

export interface SubjectOfDeadLetter {
  state: DeadLetterState;
  subject: string | null;
  messageType: string | null;
  failureMessage: string;
  failedAt: Date;
}

/** Tells the thing that a dead letter is about; nothing when it is about none that we know. */
export async function tellSubject(
  tx: EntityManager,
  listeners: SubjectListeners,
  deadLetter: SubjectOfDeadLetter,
): Promise<void> {
  const { state, subject, messageType, failureMessage, failedAt } = deadLetter;
  const [, kind = '', id = ''] = /^([a-z]+):([0-9a-f-]{36})$/.exec(subject ?? '') ?? [];
  const listener = Object.hasOwn(listeners, kind) ? listeners[kind] : undefined;
  if (subject === null || !listener) return;
  const open = await countOpen(tx, subject);
  const isOpen = state === 'open';
  await listener(tx, { id, isOpen, open, messageType, detail: failureMessage, failedAt });
}

/** What the notifier could not tell anybody holds nothing up. */
async function countOpen(tx: EntityManager, subject: string): Promise<number> {
  const [row]: { open: string }[] = await tx.query(
    `select count(*) as open from dead_letter
      where subject = $1 and state = 'open' and coalesce(queue, '') not like 'notifier.tell-%'`,
    [subject],
  );
  return Number(row?.open ?? 0);
}
