import type { EntityManager } from 'typeorm';
import { trackEmail } from './track-email.js';

/**
 * The command to send an e-mail has become a dead letter: the e-mail has failed, for the reason that
 * the dead letter has. Must run in the transaction that stores the dead letter.
 */
export async function giveUpEmail(
  tx: EntityManager,
  { id, detail, failedAt }: { id: string; detail: string; failedAt: Date },
): Promise<void> {
  await trackEmail(tx, {
    emailId: id,
    type: 'email-failed',
    take: (email) =>
      email.state !== 'failed' &&
      email.fail({ attempt: email.attempts, reason: detail, failedAt: failedAt.toISOString() }),
  });
}
