import { liveOnes } from '../../workers/heard-worker.js';
import type { Check } from '../facts.js';

/** The broker takes no messages, because it has run out of memory or disk. */
export const brokerAlarm: Check = ({ workers, broker }) => {
  const blocked = liveOnes(workers).filter(({ report }) =>
    [report.broker.publishing, report.broker.consuming].includes('blocked'),
  );
  if (blocked.length === 0 && broker.alarms.length === 0) return [];
  const told = broker.alarms.length > 0 ? `: ${broker.alarms.join(', ')}` : '';
  const who = blocked.map(({ report }) => report.instance).join(', ');
  const consequence = who === '' ? '' : ` It takes no messages from ${who}.`;
  return [
    {
      code: 'broker_alarm',
      severity: 'critical',
      subject: 'broker:alarm',
      detail: `RabbitMQ has raised an alarm${told}.${consequence}`,
      remedy:
        'Free disk or memory on its machine, or raise disk_free_limit or vm_memory_high_watermark if there is room; it goes on by itself.',
    },
  ];
};
