import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MetricsRegistry, poolCounts } from '@offload/platform';
import { Gauge, Histogram } from 'prom-client';
import { DataSource } from 'typeorm';
import type { DeliveryResult } from '../consume/delivery.js';
import { MessagingRuntime } from '../messaging-runtime.js';

/**
 * What the road counts for Prometheus.
 *
 * Labels are queues and message types of handlers, of which there are a dozen; nothing that a message
 * brings along is one, because whoever may publish could then fill the memory. What is read from the
 * database is what the last report found: a scrape asks nobody.
 */
@Injectable()
export class MessagingMetrics implements OnModuleInit {
  private readonly types = new Map<string, string>();

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly runtime: MessagingRuntime,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.countDeliveries();
    this.watchConsumers();
    this.watchOutbox();
    this.watchPool();
  }

  private countDeliveries(): void {
    const durations = new Histogram({
      name: 'offload_delivery_duration_seconds',
      help: 'Deliveries and how long handling took, by how they ended.',
      labelNames: ['queue', 'type', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers: [this.registry],
    });
    this.runtime.deliveries.settled.subscribe((result) =>
      durations.observe(this.labelsOf(result), result.durationMs / 1000),
    );
  }

  private watchConsumers(): void {
    const consumers = (): ReturnType<MessagingRuntime['consumerReports']> =>
      this.runtime.consumerReports();
    this.gauge('offload_in_hand', 'Deliveries being worked on.', ['queue'], (gauge) => {
      for (const { queue, inHand } of consumers()) gauge.set({ queue }, inHand);
    });
    this.gauge(
      'offload_brake_engaged',
      '1 while a queue is held because everything in it fails alike.',
      ['queue'],
      (gauge) => {
        for (const { queue, brake } of consumers()) gauge.set({ queue }, brake ? 1 : 0);
      },
    );
  }

  private watchOutbox(): void {
    this.gauge('offload_outbox_pending', 'Messages waiting for the broker.', [], (gauge) => {
      const { outboxState } = this.runtime;
      if (outboxState) gauge.set(outboxState.pending);
    });
    this.gauge(
      'offload_outbox_oldest_age_seconds',
      'How long the oldest of them has waited; 0 when none waits.',
      [],
      (gauge) => {
        const { outboxState } = this.runtime;
        if (outboxState) gauge.set((outboxState.oldestAgeMs ?? 0) / 1000);
      },
    );
  }

  private watchPool(): void {
    this.gauge(
      'offload_database_connections',
      'Connections of the pool to PostgreSQL.',
      ['state'],
      (gauge) => {
        const { inUse, idle } = poolCounts(this.dataSource);
        gauge.set({ state: 'in_use' }, inUse);
        gauge.set({ state: 'idle' }, idle);
      },
    );
    this.gauge(
      'offload_database_connections_max',
      'Connections that the pool may hold.',
      [],
      (gauge) => gauge.set(poolCounts(this.dataSource).size),
    );
    this.gauge(
      'offload_database_waiting',
      'Requests that wait for a connection of the pool.',
      [],
      (gauge) => gauge.set(poolCounts(this.dataSource).waiting),
    );
  }

  /** A gauge that is read at the scrape. What is not known then is not shown, rather than shown as it was. */
  private gauge(
    name: string,
    help: string,
    labelNames: string[],
    read: (gauge: Gauge) => void,
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => {
        gauge.reset();
        // Without labels, resetting leaves a zero.
        if (labelNames.length === 0) gauge.remove();
        read(gauge);
      },
    });
  }

  private labelsOf({ queue, outcome }: DeliveryResult): Record<string, string> {
    return { queue, type: this.typeOf(queue), outcome };
  }

  /** The type that the queue's handler is for, and not what a message says of itself. */
  private typeOf(queue: string): string {
    const known = this.types.get(queue);
    if (known !== undefined) return known;
    for (const { queue: name, messageType } of this.runtime.consumerReports()) {
      this.types.set(name, messageType ?? 'any');
    }
    return this.types.get(queue) ?? 'any';
  }
}
