import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MetricsRegistry, poolCounts } from '@offload/platform';
import { DataSource } from 'typeorm';
import type { ConnectionState } from '../amqp/connection.js';
import type { DeliveryResult } from '../consume/delivery.js';
import { MessagingRuntime } from '../messaging-runtime.js';
import * as metrics from './messaging.metrics.js';

/**
 * What the road counts for Prometheus.
 *
 * Labels are queues and message types of handlers, of which there are a dozen; nothing that a message
 * brings along is one, because whoever may publish could then fill the memory. What is read from the
 * database is what the last report found: a scrape asks nobody.
 */
@Injectable()
export class MessagingMetrics implements OnModuleInit {
  private readonly types = new Map<string, string | null>();

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly runtime: MessagingRuntime,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.countDeliveries();
    this.countRelayed();
    this.watchConsumers();
    this.watchTables();
    this.watchBroker();
    this.watchPool();
  }

  private countDeliveries(): void {
    const durations = this.registry.histogram(metrics.deliveryDuration);
    const retries = this.registry.counter(metrics.retries);
    const givenUp = this.registry.counter(metrics.givenUp);
    this.runtime.consumersMade.subscribe((consumers) => {
      for (const { queue, messageType } of consumers) {
        this.types.set(queue, messageType);
        retries.inc({ queue }, 0);
        if (messageType !== null) givenUp.inc({ queue }, 0);
      }
    });
    this.runtime.deliveries.settled.subscribe((result) => {
      const { queue, outcome } = result;
      durations.observe(this.labelsOf(result), result.durationMs / 1000);
      if (outcome === 'handled' || outcome === 'duplicate') return;
      // A queue of last resort has nowhere to give up to: whatever fails there is tried again.
      const isGivenUp = outcome === 'dead-letter' && this.types.get(queue) !== null;
      (isGivenUp ? givenUp : retries).inc({ queue });
    });
  }

  private countRelayed(): void {
    const published = this.registry.counter(metrics.relayPublished);
    const confirms = this.registry.histogram(metrics.relayConfirmDuration);
    this.runtime.relayed.subscribe(({ sent, returned, failed, confirmMs }) => {
      published.inc({ result: 'confirmed' }, sent);
      published.inc({ result: 'returned' }, returned);
      published.inc({ result: 'failed' }, failed - returned);
      for (const ms of confirmMs) confirms.observe(ms / 1000);
    });
  }

  private watchConsumers(): void {
    const { registry, runtime } = this;
    registry.gauge(metrics.inHand, (set) => {
      for (const { queue, inHand } of runtime.consumerReports()) set(inHand, { queue });
    });
    registry.gauge(metrics.brakeEngaged, (set) => {
      for (const { queue, brake } of runtime.consumerReports()) set(brake ? 1 : 0, { queue });
    });
  }

  private watchTables(): void {
    const { registry, runtime } = this;
    registry.gauge(metrics.outboxPending, (set) => {
      if (runtime.outboxState) set(runtime.outboxState.pending);
    });
    registry.gauge(metrics.outboxOldestAge, (set) => {
      if (runtime.outboxState) set((runtime.outboxState.oldestAgeMs ?? 0) / 1000);
    });
    registry.gauge(metrics.inboxMessages, (set) => {
      if (runtime.inboxEstimate !== null) set(runtime.inboxEstimate);
    });
  }

  private watchBroker(): void {
    const states = (): [string, ConnectionState][] => {
      const { publishing, consuming } = this.runtime.connections;
      return [
        ['publish', publishing],
        ['consume', consuming],
      ];
    };
    this.registry.gauge(metrics.brokerConnected, (set) => {
      for (const [connection, { status }] of states()) {
        set(status === 'disconnected' ? 0 : 1, { connection });
      }
    });
    this.registry.gauge(metrics.brokerBlocked, (set) => {
      for (const [connection, { status }] of states()) {
        set(status === 'blocked' ? 1 : 0, { connection });
      }
    });
  }

  private watchPool(): void {
    const { registry, dataSource } = this;
    registry.gauge(metrics.databaseConnections, (set) => {
      const { inUse, idle } = poolCounts(dataSource);
      set(inUse, { state: 'in_use' });
      set(idle, { state: 'idle' });
    });
    registry.gauge(metrics.databaseConnectionsMax, (set) => set(poolCounts(dataSource).size));
    registry.gauge(metrics.databaseWaiting, (set) => set(poolCounts(dataSource).waiting));
  }

  /** The type is the one that the queue's handler is for, and not what a message says of itself. */
  private labelsOf({
    queue,
    outcome,
  }: DeliveryResult): Record<'queue' | 'type' | 'outcome', string> {
    return { queue, type: this.types.get(queue) ?? 'any', outcome };
  }
}
