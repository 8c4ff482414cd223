import type { EntityManager } from 'typeorm';

/** Something a person who follows a topic wants to know. */
export interface RecordedEvent {
  tenantId: string;
  /** `<kind>:<id>`, as in the subject of messages. */
  topic: string;
  /** The name under which the stream sends it: the middle word of a contract's type. */
  type: string;
  /** Public JSON, in snake_case. */
  data: unknown;
  /** Nothing follows on this topic. */
  endsTopic: boolean;
}

/**
 * Stores an event for the stream. Must run in the transaction of the change it speaks of; people see
 * it shortly after the commit.
 */
export async function recordEvent(tx: EntityManager, event: RecordedEvent): Promise<void> {
  await tx.query(
    `insert into event (tenant_id, topic, type, data, ends_topic) values ($1, $2, $3, $4, $5)`,
    [event.tenantId, event.topic, event.type, JSON.stringify(event.data), event.endsTopic],
  );
}
