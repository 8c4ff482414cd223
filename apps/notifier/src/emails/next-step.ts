import type { EmailAttempt } from './email-attempt.entity.js';

/** What to do when nobody knows whether the relay took the e-mail. */
export type InDoubtPolicy = 'retry' | 'hold';

export type NextStep =
  /** A relay has it already; say so and send nothing. */
  | { kind: 'sent'; attempt: EmailAttempt }
  /** It may have been sent; an operator decides, by a replay. */
  | { kind: 'hold'; attempt: EmailAttempt }
  /** Recipients that no earlier attempt reached are still to be served. */
  | { kind: 'attempt'; number: number; alreadyServed: string[] };

/**
 * What is to be done for an e-mail with these finished attempts, in order of their numbers.
 *
 * A doubt that is older than the replay in hand no longer holds the e-mail: the replay is the
 * operator's decision to send it again.
 */
export function nextStep(
  attempts: readonly EmailAttempt[],
  { replays, inDoubt }: { replays: number; inDoubt: InDoubtPolicy },
): NextStep {
  const sent = attempts.find(({ outcome }) => outcome === 'sent');
  if (sent) return { kind: 'sent', attempt: sent };

  const last = attempts.at(-1);
  const isHeld = inDoubt === 'hold' && last?.outcome === 'in_doubt' && last.replays >= replays;
  if (isHeld) return { kind: 'hold', attempt: last };

  return {
    kind: 'attempt',
    number: (last?.number ?? 0) + 1,
    alreadyServed: attempts.flatMap(({ accepted }) => accepted),
  };
}
