import { catalog } from '@offload/contracts';
import type { MonitorQueue } from '@offload/contracts/http';
import { queues } from '@offload/messaging';
import type { HeardWorker, QueueMember } from '../workers/heard-worker.js';
import { liveOnes, membersByQueue } from '../workers/heard-worker.js';
import { brakeResource } from '../workers/worker-resource.js';
import type { BrokerQueue } from './management-api.js';

/**
 * What is known of every queue: what the broker says of it, joined with what its live workers say.
 *
 * While the broker does not answer, a queue that only silent workers know is shown too.
 */
export function queueList(
  brokerQueues: readonly BrokerQueue[] | undefined,
  workers: readonly HeardWorker[],
): MonitorQueue[] {
  const known = membersByQueue(workers);
  const live = membersByQueue(liveOnes(workers));
  const byName = new Map(brokerQueues?.map((queue) => [queue.name, queue]));
  return [...new Set([...byName.keys(), ...live.keys(), ...(brokerQueues ? [] : known.keys())])]
    .map((name) =>
      queueResource(name, byName.get(name), {
        live: live.get(name) ?? [],
        isWorkedOn: known.has(name),
        messageType: known.get(name)?.[0]?.consumer.messageType ?? null,
      }),
    )
    .toSorted(byPurpose);
}

interface Members {
  live: readonly QueueMember[];
  isWorkedOn: boolean;
  messageType: string | null;
}

function queueResource(
  name: string,
  queue: BrokerQueue | undefined,
  { live, isWorkedOn, messageType }: Members,
): MonitorQueue {
  const purpose = purposeOf(name, { isWorkedOn, isExclusive: queue?.isExclusive ?? false });
  const inHand = live.reduce((sum, { consumer }) => sum + consumer.inHand, 0);
  const waits = live.flatMap(({ consumer }) => consumer.waitedMs ?? []);
  return {
    name,
    purpose,
    message_type: messageType,
    ready: queue?.ready ?? null,
    // Without the management API it is what the workers say that they have.
    unacked: queue?.unacked ?? (live.length > 0 ? inHand : null),
    consumers: queue?.consumers ?? (live.length > 0 ? live.length : null),
    published_per_s: queue?.publishedPerS ?? null,
    acked_per_s: queue?.ackedPerS ?? null,
    oldest_wait_s: waits.length === 0 ? null : Math.max(...waits) / 1000,
    brakes: live.flatMap(({ instance, consumer }) =>
      consumer.brake ? [brakeResource(instance, consumer.brake)] : [],
    ),
  };
}

const services = new Set(catalog.map(({ owner }) => owner));

/** What a queue is for, by its name and by who knows it. What is not ours is `other`. */
export function purposeOf(
  name: string,
  { isWorkedOn, isExclusive }: { isWorkedOn: boolean; isExclusive: boolean },
): MonitorQueue['purpose'] {
  if (name === queues.deadLetters || name === queues.unrouted) return 'last_resort';
  const isOurs = services.has(name.split('.')[0] ?? '') && name.includes('.');
  if (isExclusive) return isOurs ? 'replica' : 'other';
  if (isWorkedOn || isOurs) return 'work';
  return /^retry\.\d+(ms|s|m|h)$/.test(name) ? 'retry' : 'other';
}

const order: MonitorQueue['purpose'][] = ['work', 'last_resort', 'retry', 'replica', 'other'];

function byPurpose(a: MonitorQueue, b: MonitorQueue): number {
  return order.indexOf(a.purpose) - order.indexOf(b.purpose) || a.name.localeCompare(b.name);
}
