import type { DataSource } from 'typeorm';

export interface Retention {
  /** How long a sent message stays readable in the outbox, in hours. (Default: 1) */
  outboxHours: number;
  /**
   * How long a handled message is remembered, in days. (Default: 60)
   *
   * It must not be shorter than dead letters are kept, or a replay of something already done would
   * do it again.
   */
  inboxDays: number;
}

/**
 * Deletes what is past its retention, a batch at a time so that no lock is held long. Safe to run in
 * several replicas at once. Answers how many rows went.
 */
export async function cleanUp(dataSource: DataSource, retention: Retention): Promise<number> {
  const outbox = await deleteBatches(
    dataSource,
    `delete from outbox_message where id in (
       select id from outbox_message
        where sent_at < now() - $1 * interval '1 hour' limit 5000 for update skip locked)`,
    retention.outboxHours,
  );
  const inbox = await deleteBatches(
    dataSource,
    `delete from inbox_message where ctid in (
       select ctid from inbox_message
        where handled_at < now() - $1 * interval '1 day' limit 5000 for update skip locked)`,
    retention.inboxDays,
  );
  return outbox + inbox;
}

async function deleteBatches(dataSource: DataSource, sql: string, age: number): Promise<number> {
  let total = 0;
  for (;;) {
    const [, deleted]: [unknown, number] = await dataSource.query(sql, [age]);
    total += deleted;
    if (deleted === 0) return total;
  }
}
