import type { EntityManager } from 'typeorm';
import { recordEvent } from '../events/record-event.js';
import { Email, emailResource } from './email.entity.js';

/**
 * Takes a report over and tells those who follow the e-mail; a report that changes nothing is not told.
 *
 * E-mails that the notifier sends by itself are not here, and are no matter. Must run in the
 * transaction of what is reported.
 */
export async function trackEmail(
  tx: EntityManager,
  report: { emailId: string; type: string; take: (email: Email) => boolean },
): Promise<void> {
  const { emailId, type, take } = report;
  const email = await tx.findOne(Email, {
    where: { id: emailId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!email || !take(email)) return;
  await tx.save(email);
  await recordEvent(tx, {
    tenantId: email.tenantId,
    topic: `email:${emailId}`,
    type,
    data: emailResource(email),
    endsTopic: email.hasEnded,
  });
}
