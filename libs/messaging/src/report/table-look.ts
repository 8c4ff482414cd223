import { QuickQuestion } from '@offload/platform';
import type { DataSource } from 'typeorm';

/** How the two tables of the road stand in the service's schema. */
export interface TableState {
  outbox: OutboxState;
  /** Rows in the inbox, by PostgreSQL's own estimate; null before it has made one. */
  inboxEstimate: number | null;
}

/** How many messages wait for the broker, and how long the oldest has. */
export interface OutboxState {
  pending: number;
  oldestAgeMs: number | null;
}

/** Longest that the database may take for it, in milliseconds. */
const timeoutMs = 1_000;

/** Looks at outbox and inbox now and then, and never waits long for it. */
export class TableLook {
  private readonly question: QuickQuestion;

  constructor(dataSource: DataSource) {
    this.question = new QuickQuestion(dataSource, tables, timeoutMs);
  }

  /** Answers null when the database does not answer in time. */
  async read(): Promise<TableState | null> {
    const rows = await this.question.ask().catch(() => []);
    return stateIn(rows[0]);
  }
}

/** The index on what is pending makes it cheap; and no count needs to be larger than this. */
const mostCounted = 100_000;

/** The inbox is far too large to be counted; this is how PostgreSQL's planner guesses at it. */
const tables = `
  select count(*)::int as pending,
         (extract(epoch from clock_timestamp() - min(created_at)) * 1000)::float8 as age,
         (select case when reltuples >= 0 then
                   round(reltuples / greatest(relpages, 1) * pg_relation_size(oid)
                         / current_setting('block_size')::int) end
            from pg_class where oid = 'inbox_message'::regclass)::float8 as inbox
    from (select created_at from outbox_message where sent_at is null limit ${mostCounted}) as waiting`;

function stateIn(row: Record<string, unknown> | undefined): TableState | null {
  if (typeof row?.['pending'] !== 'number') return null;
  const { age, inbox } = row;
  return {
    outbox: {
      pending: row['pending'],
      oldestAgeMs: typeof age === 'number' ? Math.max(0, age) : null,
    },
    inboxEstimate: typeof inbox === 'number' ? inbox : null,
  };
}
