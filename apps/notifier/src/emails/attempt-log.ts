import { Injectable } from '@nestjs/common';
import type { Envelope, Outgoing } from '@offload/contracts';
import { contextOf, storeOutgoing } from '@offload/messaging';
import { Subject } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';
import { type AttemptEnd, EmailAttempt } from './email-attempt.entity.js';
import { Email } from './email.entity.js';
import { type InDoubtPolicy, nextStep } from './next-step.js';

/** What is to be done next for an e-mail; `attempt` has started when the kind says so. */
export type Beginning = { email: Email; attempt: EmailAttempt } & (
  { kind: 'sent' } | { kind: 'hold' } | { kind: 'attempt'; alreadyServed: string[] }
);

/**
 * Remembers what was said to relays, in transactions of its own.
 *
 * The delivery's transaction could not: it is rolled back when an attempt fails, and when the
 * process dies between the end of DATA and the commit it would take with it the knowledge that the
 * relay may have the e-mail. So the start is committed before the first byte goes out, and the end
 * as soon as it is known. The caller holds the e-mail's lock (see `lockEmail`), and may call again
 * after a crash at any point.
 */
@Injectable()
export class AttemptLog {
  /** Every attempt whose end is committed. Listeners must not throw and must not be slow. */
  readonly ended = new Subject<EmailAttempt>();

  constructor(private readonly dataSource: DataSource) {}

  /** Decides what is to be done next and, where that is an attempt, notes that it has started. */
  async begin(
    wanted: { emailId: string; messageIdHeader: string; relay: string; inDoubt: InDoubtPolicy },
    { tenantId, replays }: Envelope,
  ): Promise<Beginning> {
    const { emailId, messageIdHeader, relay, inDoubt } = wanted;
    const begun = await this.dataSource.transaction(async (own) => {
      const now = new Date();
      await own
        .createQueryBuilder()
        .insert()
        .into(Email)
        .values({ id: emailId, tenantId, messageIdHeader, datedAt: now })
        .orIgnore()
        .execute();
      const email = await own.findOneByOrFail(Email, { id: emailId });
      const attempts = await own.find(EmailAttempt, {
        where: { emailId },
        order: { number: 'asc' },
      });
      const lost = await settleLost(own, attempts, now);
      const step = nextStep(attempts, { replays, inDoubt });
      if (step.kind !== 'attempt') return { lost, beginning: { email, ...step } };

      const attempt = own.create(EmailAttempt, {
        emailId,
        number: step.number,
        replays,
        relay,
        startedAt: now,
        finishedAt: null,
        outcome: null,
        reply: null,
        accepted: [],
        refused: [],
      });
      await own.insert(EmailAttempt, attempt);
      const { kind, alreadyServed } = step;
      return { lost, beginning: { email, kind, attempt, alreadyServed } };
    });
    for (const attempt of begun.lost) this.ended.next(attempt);
    return begun.beginning;
  }

  /** Notes how an attempt ended and, with the same commit, tells it to the others. */
  async finish(
    attempt: EmailAttempt,
    end: AttemptEnd,
    messages: Outgoing[],
    envelope: Envelope,
  ): Promise<void> {
    attempt.finish(end, new Date());
    await this.dataSource.transaction(async (own) => {
      await own.save(attempt);
      await storeOutgoing(own, messages, contextOf(envelope, 'notifier'));
    });
    this.ended.next(attempt);
  }
}

/**
 * Keeps every other delivery for the same e-mail waiting until this transaction ends.
 *
 * A lock on the row would also stop AttemptLog, which writes on another connection.
 */
export async function lockEmail(tx: EntityManager, emailId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`email ${emailId}`]);
}

/** An attempt that was never finished ended with its process, nobody knows how. Answers those. */
async function settleLost(
  own: EntityManager,
  attempts: readonly EmailAttempt[],
  now: Date,
): Promise<EmailAttempt[]> {
  const unfinished = attempts.filter(({ outcome }) => outcome === null);
  for (const attempt of unfinished) attempt.finish(lostWithItsProcess, now);
  await own.save(unfinished);
  return unfinished;
}

const lostWithItsProcess: AttemptEnd = {
  outcome: 'in_doubt',
  reply: 'The notifier stopped in the middle of it; the relay may have sent the e-mail.',
  accepted: [],
  refused: [],
};
