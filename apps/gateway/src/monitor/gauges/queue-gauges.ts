import { Injectable } from '@nestjs/common';
import type { MonitorQueue } from '@offload/contracts/http';
import { MetricsRegistry, type SetValue } from '@offload/platform';
import { queueConsumers, queueMessages } from '../monitor.metrics.js';
import { LookAtBroker } from '../queues/look-at-broker.js';
import type { BrokerQueue } from '../queues/management-api.js';
import { purposeOf } from '../queues/queue-list.js';

/**
 * How full the queues are, at /metrics of every replica, as RabbitMQ's management API tells it. Without it
 * nothing is shown: only that knows what is delivered and not acknowledged, which scaling has to count too.
 */
@Injectable()
export class QueueGauges {
  constructor(
    registry: MetricsRegistry,
    private readonly broker: LookAtBroker,
  ) {
    registry.gauge(queueMessages, async (set) => {
      for (const queue of await this.queues(['work', 'last_resort', 'retry']))
        setMessages(set, queue);
    });
    registry.gauge(queueConsumers, async (set) => {
      for (const { name, consumers } of await this.queues(['work', 'last_resort'])) {
        if (consumers !== null) set(consumers, { queue: name });
      }
    });
  }

  /** Those of a replica come and go with it, and those of others are not ours to count. */
  private async queues(purposes: readonly MonitorQueue['purpose'][]): Promise<BrokerQueue[]> {
    const queues = (await this.broker.readManagement()) ?? [];
    return queues.filter(({ name, isExclusive }) =>
      purposes.includes(purposeOf(name, { isWorkedOn: false, isExclusive })),
    );
  }
}

function setMessages(
  set: SetValue<'queue' | 'state'>,
  { name: queue, ready, unacked }: BrokerQueue,
): void {
  if (ready !== null) set(ready, { queue, state: 'ready' });
  if (unacked !== null) set(unacked, { queue, state: 'unacknowledged' });
}
