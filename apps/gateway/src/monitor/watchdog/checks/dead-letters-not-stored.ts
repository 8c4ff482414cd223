import { queues } from '@offload/messaging';
import { liveOnes, membersByQueue } from '../../workers/heard-worker.js';
import type { Check } from '../facts.js';
import { counted } from '../words.js';

/** A flood of dead letters is stored in less. */
const confirmAfterMs = 60_000;

/**
 * Dead letters that wait on the broker instead of in the table: look after look there are some, and
 * none is taken.
 */
export const deadLettersNotStored: Check = ({ broker, workers }) => {
  const known = broker.queues;
  if (!known) return undefined;
  const live = membersByQueue(liveOnes(workers));
  return [queues.deadLetters, queues.unrouted].flatMap((name) => {
    const queue = known.find((candidate) => candidate.name === name);
    const inHand = (live.get(name) ?? []).reduce((sum, { consumer }) => sum + consumer.inHand, 0);
    const waiting = (queue?.ready ?? 0) + (queue?.unacked ?? inHand);
    // Where the rate is known a queue that is being emptied is left alone, however full it is.
    if (waiting === 0 || (queue?.ackedPerS ?? 0) > 0) return [];
    return [
      {
        code: 'dead_letters_not_stored' as const,
        severity: 'critical' as const,
        subject: `queue:${name}`,
        detail: `${counted(waiting, 'dead letter')} ${waiting === 1 ? 'waits' : 'wait'} in the queue ${name}, and the gateway does not store them. They cannot be seen or replayed until then.`,
        remedy:
          'Look in the log of the gateway for deliveries of this queue: it says why storing fails, most often the database. They stay on the broker meanwhile.',
        confirmAfterMs,
      },
    ];
  });
};
