import type { EntityManager } from 'typeorm';
import { brakeOfAll, liveOnes, membersByQueue, type QueueMember } from '../workers/heard-worker.js';
import { listWorkers } from '../workers/worker-store.js';

/** How a queue does, for who is about to put messages into it. Null is what nobody has said. */
export interface QueueHealth {
  queue: string;
  hasConsumer: boolean | null;
  /** The longest that a live message of the last minute had waited, in seconds. */
  liveWaitS: number | null;
  /** Every worker has paused it: why, and since when. */
  brake: { detail: string; since: string } | null;
}

/** Reads from the table of reports how queues do: fresh reports only, and the same on every replica. */
export async function readQueueHealth(
  tx: EntityManager,
  queues: readonly string[],
): Promise<QueueHealth[]> {
  const live = liveOnes(await listWorkers(tx));
  const members = membersByQueue(live);
  return queues.map((queue) => healthOf(queue, members.get(queue) ?? [], live.length > 0));
}

function healthOf(
  queue: string,
  members: readonly QueueMember[],
  isAnybodyHeard: boolean,
): QueueHealth {
  const waits = members.flatMap(({ consumer }) => consumer.waitedMs ?? []);
  const brake = brakeOfAll(members);
  return {
    queue,
    hasConsumer: isAnybodyHeard ? members.length > 0 : null,
    liveWaitS: waits.length === 0 ? null : Math.max(...waits) / 1000,
    brake: brake ? { detail: brake.message, since: brake.since } : null,
  };
}
