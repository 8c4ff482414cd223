import type { EntityManager } from 'typeorm';

/** How a queue stands that a replay puts messages into. Null where nothing is known. */
export interface QueueHealth {
  queue: string;
  hasConsumer: boolean | null;
  /** The longest that a live message of the last minute had waited, in seconds. */
  liveWaitS: number | null;
  /** Why its consumers hold back, for people, and since when. */
  brake: { detail: string; since: string } | null;
}

/** Answers for each of the queues that is asked for. Wired in app.module.ts. */
export type ReadQueueHealth = (
  tx: EntityManager,
  queues: readonly string[],
) => Promise<QueueHealth[]>;

export const QUEUE_HEALTH = Symbol('QUEUE_HEALTH');

/** For a gateway without reports of its workers: nothing is known, so nothing holds a replay back. */
export const nothingKnown: ReadQueueHealth = (_tx, queues) =>
  Promise.resolve(
    queues.map((queue) => ({ queue, hasConsumer: null, liveWaitS: null, brake: null })),
  );
