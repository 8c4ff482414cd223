import type { EntityManager } from 'typeorm';
import type { Conditions } from '../filter-letters.js';
import { type SubjectListeners, type SubjectOfDeadLetter, tellSubjects } from '../subjects.js';

/**
 * Tells the things that these dead letters are about how those stand, each once.
 *
 * Must be the last thing that locks anything in its transaction: whoever holds such a thing must not
 * wait for a dead letter.
 */
export async function tellSubjectsOf(
  tx: EntityManager,
  listeners: SubjectListeners,
  { sql, parameters }: Conditions,
): Promise<void> {
  const letters: SubjectOfDeadLetter[] = await tx.query(
    `select distinct on (letter.subject, letter.tenant_id, letter.message_type)
            letter.state, letter.subject, letter.tenant_id as "tenantId",
            letter.message_type as "messageType", letter.failure_message as "failureMessage",
            letter.failed_at as "failedAt"
       from dead_letter letter
      where letter.subject is not null and ${sql}
      order by letter.subject, letter.tenant_id, letter.message_type, letter.id desc`,
    parameters,
  );
  await tellSubjects(tx, listeners, letters);
}
