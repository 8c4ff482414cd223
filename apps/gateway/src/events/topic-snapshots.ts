import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface TopicSnapshot {
  /** The resource as `GET` shows it. */
  data: unknown;
  /** Nothing will follow. */
  hasEnded: boolean;
}

/** Answers undefined for an id that this tenant does not have. */
export type ReadSnapshot = (
  tx: EntityManager,
  tenantId: string,
  id: string,
) => Promise<TopicSnapshot | undefined>;

/** What a stream begins with, by kind of topic. Each feature registers how its own resource is read. */
@Injectable()
export class TopicSnapshots {
  private readonly readers = new Map<string, ReadSnapshot>();

  register(kind: string, read: ReadSnapshot): void {
    this.readers.set(kind, read);
  }

  async find(
    tx: EntityManager,
    tenantId: string,
    topic: string,
  ): Promise<TopicSnapshot | undefined> {
    const [kind = '', id = ''] = topic.split(':');
    return this.readers.get(kind)?.(tx, tenantId, id);
  }
}
