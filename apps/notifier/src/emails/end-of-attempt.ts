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

/** Answers what to say of an attempt with this end. `isLast` means that the system tries no further. */
export function failedAttempt(
  { emailId, number: attempt }: { emailId: string; number: number },
  { outcome, reply }: AttemptEnd,
  { isLast, inDoubt, at }: { isLast: boolean; inDoubt: InDoubtPolicy; at: Date },
): FailedAttempt {
  const error = errorOf(emailId, attempt, { outcome, reply, inDoubt });
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
  { outcome, reply, inDoubt }: Pick<AttemptEnd, 'outcome' | 'reply'> & { inDoubt: InDoubtPolicy },
): AppError {
  if (outcome === 'refused') return new RelayRefused(emailId, attempt, reply);
  if (outcome === 'deferred') return new RelayDeferred(emailId, attempt, reply);
  return inDoubt === 'hold'
    ? new HeldInDoubt(emailId, attempt, reply)
    : new SentAgainInDoubt(emailId, attempt, reply);
}
