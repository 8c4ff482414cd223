import { purposeOf } from '../../queues/queue-list.js';
import type { Check, Trouble } from '../facts.js';
import { liveOnes, membersByQueue } from '../../workers/heard-worker.js';
import { counted } from '../words.js';
import { hearsNothing } from './hears-nothing.js';

/** A rolling update, or a broker that was restarted, takes less. */
const confirmAfterMs = 30_000;

/**
 * Queues of ours that nobody works on.
 *
 * The broker's own count is believed, but for a queue that its workers have paused: there it may be
 * zero. While the broker cannot be asked, the queues count that some worker once had and no live one has.
 */
export const queueWithoutConsumer: Check = (facts) => {
  const { broker, workers } = facts;
  const live = membersByQueue(liveOnes(workers));
  const known = membersByQueue(workers);
  if (!broker.queues) {
    if (hearsNothing(facts)) return undefined;
    return [...known.keys()]
      .filter((queue) => !live.has(queue))
      .map((queue) => troubleOf(queue, null));
  }
  return broker.queues
    .filter(({ name, consumers, isExclusive }) => {
      const purpose = purposeOf(name, { isWorkedOn: known.has(name), isExclusive });
      const isPaused = live.get(name)?.some(({ consumer }) => consumer.brake) ?? false;
      return (purpose === 'work' || purpose === 'last_resort') && consumers === 0 && !isPaused;
    })
    .map(({ name, ready }) => troubleOf(name, ready));
};

function troubleOf(queue: string, ready: number | null): Trouble {
  const waiting = ready
    ? `; ${counted(ready, 'message')} ${ready === 1 ? 'waits' : 'wait'} in it`
    : '';
  return {
    code: 'queue_without_consumer',
    severity: ready === 0 ? 'warning' : 'critical',
    subject: `queue:${queue}`,
    detail: `Nobody works on the queue ${queue}${waiting}.`,
    remedy: `Start ${ownerOf(queue)}, or find in its log why it does not consume; delete the queue if its handler was removed on purpose.`,
    confirmAfterMs,
  };
}

/** `ingest` of `ingest.load-chunk`; the queues of last resort, which have no dot, are the gateway's. */
function ownerOf(queue: string): string {
  return queue.includes('.') ? (queue.split('.')[0] ?? queue) : 'the gateway';
}
