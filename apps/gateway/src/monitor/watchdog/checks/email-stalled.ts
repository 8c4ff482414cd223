import { holdOfKind } from '../../holds/hold-of-kind.js';
import { liveOnes } from '../../workers/heard-worker.js';
import type { Check, Trouble } from '../facts.js';
import { duration } from '../words.js';
import { isWaitingItsTurn, remaining } from './unmoved-work.js';

/**
 * E-mails that are neither sent nor given up, and of which nothing was heard since before the longest
 * wait between two tries: the next try is overdue.
 *
 * Not those that are told already to be held up, or that may wait for their turn.
 */
export const emailStalled: Check = (facts) => {
  const { emails, now } = facts;
  if (holdOfKind('email', liveOnes(facts.workers))) return [];
  const stalled = emails.oldest.filter((work) => !isWaitingItsTurn('email', work, facts));
  if (stalled.length === 0) return [];
  const found = stalled.map(({ id, state, lastSignAt }): Trouble => ({
    code: 'email_stalled',
    severity: 'warning',
    subject: `email:${id}`,
    detail: `E-mail ${id} is ${state}, and nothing was heard of it for ${duration(now.getTime() - lastSignAt.getTime())}; its next try is overdue.`,
    remedy,
    confirmAfterMs,
  }));
  return [
    ...found,
    ...remaining(emails, {
      code: 'email_stalled',
      subject: 'email:others',
      noun: 'e-mail',
      remedy,
      confirmAfterMs,
    }),
  ];
};

/** After an outage everything has been silent for long, and shows its first sign a little later. */
const confirmAfterMs = 120_000;

const remedy =
  'See whether notifier.send-email has consumers and is not paused, then look for the e-mail id in the log of the notifier and among the dead letters.';
