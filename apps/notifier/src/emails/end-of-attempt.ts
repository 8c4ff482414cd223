import { EmailDeferred, EmailFailed, type Outgoing } from '@offload/contracts';
import type { AppError } from '@offload/platform';
import type { HandOver } from './relay/hand-over.js';
import type { AttemptEnd } from './email-attempt.entity.js';
import { HeldInDoubt, RelayDeferred, RelayRefused, SentAgainInDoubt } from './emails.errors.js';
import type { InDoubtPolicy } from './next-step.js';

/**
 * What is remembered of a conversation with the relay.
 *
 * When the relay refuses all that were left but took the e-mail for others before, the e-mail as a
 * whole is sent, and the refused are named.
 */
export function endOf(
  { verdict, reply, accepted, refused }: HandOver,
  { alreadyServed, recipients }: { alreadyServed: string[]; recipients: string[] },
): AttemptEnd {
  if (verdict === 'refused') {
    const outcome = alreadyServed.length > 0 ? 'sent' : 'refused';
    return { outcome, reply, accepted: [], refused: recipients };
  }
  const outcome = { taken: 'sent', deferred: 'deferred', 'in-doubt': 'in_doubt' } as const;
  return { outcome: outcome[verdict], reply, accepted, refused };
}

/** Who is told what about an attempt that did not send the e-mail. */
export interface FailedAttempt {
  /** For those who follow the e-mail. */
  event: Outgoing;
  /** For the delivery: another try, or a dead letter. */
  error: AppError;
}

export interface AttemptCircumstances {
  /** The system tries no further. */
  isLast: boolean;
  inDoubt: InDoubtPolicy;
  /** The relay spoke of this e-mail, not of itself. */
  isAboutThisEmail: boolean;
  at: Date;
}

/** Answers what to say of an attempt with this end. */
export function failedAttempt(
  { emailId, number: attempt }: { emailId: string; number: number },
  { outcome, reply }: AttemptEnd,
  circumstances: AttemptCircumstances,
): FailedAttempt {
  const { isLast, at } = circumstances;
  const error = errorOf(emailId, attempt, { ...circumstances, outcome, reply });
  const givesUp = isLast || error instanceof RelayRefused || error instanceof HeldInDoubt;
  return {
    error,
    event: givesUp
      ? EmailFailed({ emailId, attempt, reason: reply, failedAt: at.toISOString() })
      : EmailDeferred({ emailId, attempt, reason: reply, deferredAt: at.toISOString() }),
  };
}

function errorOf(
  emailId: string,
  attempt: number,
  end: Pick<AttemptEnd, 'outcome' | 'reply'> & AttemptCircumstances,
): AppError {
  if (end.outcome === 'refused') return new RelayRefused(emailId, attempt, end.reply);
  if (end.outcome === 'deferred') return new RelayDeferred(emailId, attempt, end);
  return end.inDoubt === 'hold'
    ? new HeldInDoubt(emailId, attempt, end.reply)
    : new SentAgainInDoubt(emailId, attempt, end);
}
