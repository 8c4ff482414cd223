import { liveOnes } from '../../workers/heard-worker.js';
import type { Check } from '../facts.js';

/** Processes without a connection to the broker. Work is accepted meanwhile, and waits in the outbox. */
export const brokerAway: Check = ({ workers, limits }) => {
  const away = liveOnes(workers).filter(({ report: { broker } }) =>
    [broker.publishing, broker.consuming].includes('disconnected'),
  );
  if (away.length === 0) return [];
  const names = away.map(({ report }) => report.instance).join(', ');
  return [
    {
      code: 'broker_away',
      severity: 'critical',
      subject: 'broker:connection',
      detail: `RabbitMQ cannot be reached by ${names}. Accepted work waits in the outbox, and nothing is worked on.`,
      remedy:
        'Start RabbitMQ, or repair the way to it; everybody connects again by themselves within seconds, and nothing needs to be replayed.',
      // A connection that is built up anew takes a second.
      confirmAfterMs: limits.everyMs / 2,
    },
  ];
};
