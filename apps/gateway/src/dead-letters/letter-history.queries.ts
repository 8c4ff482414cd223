import type { EntityManager } from 'typeorm';
import type { LetterHistory } from './dead-letter-resource.js';

/** Of each dead letter so many are told, the newest. */
const longestHistory = 100;

interface HistoryRow {
  dead_letter_id: string;
  operation_id: string;
  action: string;
  key_id: string;
  reason: string | null;
  at: Date;
  outcome: string | null;
}

/** What people did to each of the dead letters, the newest first, and how a replay of it ended. */
export async function historiesOf(
  tx: EntityManager,
  ids: readonly string[],
): Promise<Map<string, LetterHistory>> {
  const rows: HistoryRow[] = await tx.query(
    `select letter.id as dead_letter_id, touched.operation_id, touched.action, touched.at,
            operation.key_id, operation.reason,
            item.state || coalesce(': ' || item.outcome_code, '') as outcome
       from unnest($1::uuid[]) as letter (id)
      cross join lateral (
        select id, operation_id, action, at from audit_message
         where dead_letter_id = letter.id order by id desc limit ${longestHistory}) as touched
       join audit_operation operation
         on operation.id = touched.operation_id and operation.key_id is not null
       left join replay_item item
         on item.replay_id = touched.operation_id and item.dead_letter_id = letter.id
      order by touched.id desc`,
    [ids],
  );
  const histories = new Map<string, LetterHistory>();
  for (const { dead_letter_id: id, at, ...entry } of rows) {
    const history = histories.get(id) ?? [];
    history.push({ ...entry, at: at.toISOString() });
    histories.set(id, history);
  }
  return histories;
}
