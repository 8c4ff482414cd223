import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** An event as the stream sends it. */
export interface StoredEvent {
  sequence: number;
  tenantId: string;
  topic: string;
  type: string;
  data: unknown;
  endsTopic: boolean;
  recordedAt: Date;
}

/** The range of sequences that can still be read; `newest` is 0 while there has been no event. */
export interface Horizon {
  oldest: number;
  newest: number;
}

/** Reads of the event table. Sequences become visible in order: whoever sees one sees all below it. */
@Injectable()
export class EventStore {
  constructor(private readonly dataSource: DataSource) {}

  async horizon(tx: EntityManager = this.dataSource.manager): Promise<Horizon> {
    const [row]: { oldest: string | null; newest: string | null }[] = await tx.query(
      'select min(sequence) as oldest, max(sequence) as newest from event',
    );
    return { oldest: Number(row?.oldest ?? 0), newest: Number(row?.newest ?? 0) };
  }

  /** The events of every topic after a sequence, in order. */
  async listAfter(sequence: number, limit: number): Promise<StoredEvent[]> {
    const rows: EventRow[] = await this.dataSource.query(
      'select * from event where sequence > $1 order by sequence limit $2',
      [sequence, limit],
    );
    return rows.map(toEvent);
  }

  /** The events of some topics of a tenant after a sequence, in order. A topic may be `<kind>:*`. */
  async listTopicsAfter(
    tenantId: string,
    topics: readonly string[],
    sequence: number,
    limit: number,
  ): Promise<StoredEvent[]> {
    const exact = topics.filter((topic) => !topic.endsWith(':*'));
    const prefixes = topics
      .filter((topic) => topic.endsWith(':*'))
      .map((topic) => topic.slice(0, -1));
    const rows: EventRow[] = await this.dataSource.query(
      `select * from event
        where tenant_id = $1 and sequence > $3
          and (topic = any($2::text[]) or exists (select from unnest($5::text[]) p where starts_with(topic, p)))
        order by sequence limit $4`,
      [tenantId, exact, sequence, limit, prefixes],
    );
    return rows.map(toEvent);
  }

  /** Whether every committed event of a topic has its sequence already. */
  async isNumbered(tx: EntityManager, tenantId: string, topic: string): Promise<boolean> {
    const [pending]: unknown[] = await tx.query(
      'select 1 from event where sequence is null and tenant_id = $1 and topic = $2 limit 1',
      [tenantId, topic],
    );
    return pending === undefined;
  }

  /** Deletes what is past its retention. Answers how many events went. */
  async deleteOlderThan(hours: number): Promise<number> {
    const [, deleted]: [unknown, number] = await this.dataSource.query(
      `delete from event where sequence is not null and recorded_at < now() - $1 * interval '1 hour'`,
      [hours],
    );
    return deleted;
  }
}

interface EventRow {
  sequence: string;
  tenant_id: string;
  topic: string;
  type: string;
  data: unknown;
  ends_topic: boolean;
  recorded_at: Date;
}

function toEvent(row: EventRow): StoredEvent {
  return {
    sequence: Number(row.sequence),
    tenantId: row.tenant_id,
    topic: row.topic,
    type: row.type,
    data: row.data,
    endsTopic: row.ends_topic,
    recordedAt: row.recorded_at,
  };
}
