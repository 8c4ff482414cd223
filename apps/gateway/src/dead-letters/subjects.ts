import type { DeadLetterState } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';

/** What a dead letter means for the thing it is about. */
export interface Setback {
  /** Of the thing: its id, or its name among those of the tenant. */
  id: string;
  tenantId: string | null;
  /** Whether this dead letter is open: stored or restored just now, and not replayed or discarded. */
  isOpen: boolean;
  /** How many dead letters about it are open. */
  open: number;
  messageType: string | null;
  /** Why, for people. */
  detail: string;
  failedAt: Date;
}

/**
 * Told, by kind of subject, when a dead letter was stored, put back, resolved, discarded or restored. Runs
 * in that transaction. Wired in app.module.ts.
 */
export type SubjectListeners = Readonly<
  Record<string, (tx: EntityManager, setback: Setback) => Promise<void>>
>;

export const SUBJECT_LISTENERS = Symbol('SUBJECT_LISTENERS');

export interface SubjectOfDeadLetter {
  state: DeadLetterState;
  subject: string | null;
  tenantId: string | null;
  messageType: string | null;
  failureMessage: string;
  failedAt: Date;
}

/**
 * Tells the things that dead letters are about, and nothing when those are none that we know: each is told
 * once for each type of message, of the last one that is given.
 *
 * In the order of the things, so that two who tell the same ones cannot hold each other up for good.
 */
export async function tellSubjects(
  tx: EntityManager,
  listeners: SubjectListeners,
  deadLetters: readonly SubjectOfDeadLetter[],
): Promise<void> {
  const news = distinct(deadLetters.flatMap((letter) => newsOf(letter, listeners)));
  const open = await countOpen(tx, [...new Set(news.map(({ subject }) => subject))]);
  for (const { listener, subject, id, letter } of news) {
    await listener(tx, {
      id,
      tenantId: letter.tenantId,
      isOpen: letter.state === 'open',
      open: open.get(subject) ?? 0,
      messageType: letter.messageType,
      detail: letter.failureMessage,
      failedAt: letter.failedAt,
    });
  }
}

interface News {
  listener: SubjectListeners[string];
  subject: string;
  id: string;
  letter: SubjectOfDeadLetter;
}

function newsOf(letter: SubjectOfDeadLetter, listeners: SubjectListeners): News[] {
  const [subject = '', ...parts] = about.exec(letter.subject ?? '') ?? [];
  const [kind = '', id = ''] = parts.filter((part) => part !== undefined);
  const listener = Object.hasOwn(listeners, kind) ? listeners[kind] : undefined;
  return listener ? [{ listener, subject, id, letter }] : [];
}

/** Most things have an id; datasets have names. */
const about =
  /^(?:(dataset):([a-z][a-z0-9_]{0,62})|([a-z]+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/;

function distinct(news: readonly News[]): News[] {
  const last = new Map(news.map((one) => [keyOf(one), one]));
  return [...last.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function keyOf({ subject, letter: { tenantId, messageType } }: News): string {
  return [subject, tenantId, messageType].join(' ');
}

/** What the notifier could not tell anybody holds nothing up. */
async function countOpen(
  tx: EntityManager,
  subjects: readonly string[],
): Promise<Map<string, number>> {
  if (subjects.length === 0) return new Map();
  const rows: { subject: string; open: string }[] = await tx.query(
    `select subject, count(*) as open from dead_letter
      where subject = any($1) and state = 'open' and coalesce(queue, '') not like 'notifier.tell-%'
      group by subject`,
    [subjects],
  );
  return new Map(rows.map(({ subject, open }) => [subject, Number(open)]));
}
