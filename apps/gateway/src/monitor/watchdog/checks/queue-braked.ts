import { type QueueMember, liveOnes, membersByQueue } from '../../workers/heard-worker.js';
import type { Check, Trouble } from '../facts.js';
import { counted } from '../words.js';
import { hearsNothing } from './hears-nothing.js';

/** Queues that workers have paused because everything in them fails alike. */
export const queueBraked: Check = (facts) => {
  if (hearsNothing(facts)) return undefined;
  const queues = membersByQueue(liveOnes(facts.workers));
  return [...queues].flatMap(([queue, members]) => troubleOf(queue, members));
};

function troubleOf(queue: string, members: readonly QueueMember[]): Trouble[] {
  const brakes = members.flatMap(({ consumer }) => consumer.brake ?? []);
  const [first] = brakes.toSorted((a, b) => a.since.localeCompare(b.since));
  if (!first) return [];
  const isAll = brakes.length === members.length;
  const who = isAll
    ? 'Its workers have'
    : `${brakes.length} of its ${counted(members.length, 'worker')} have`;
  return [
    {
      code: 'queue_braked',
      severity: isAll ? 'critical' : 'warning',
      subject: `queue:${queue}`,
      detail: `${who} paused the queue ${queue} since ${first.since}: ${first.message} (${first.code}, ${counted(first.failures, 'failure')} in a row).`,
      remedy:
        'Repair what fails: the message says what it is. The queue is probed by itself and goes on when a probe succeeds; nothing needs to be replayed.',
    },
  ];
}
