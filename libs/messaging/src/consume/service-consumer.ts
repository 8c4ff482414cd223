import type { ConsumerReport } from '@offload/contracts';
import type { BrokerConnection } from '../amqp/connection.js';
import { Consumer } from '../amqp/consumer.js';
import { declare } from '../amqp/declare.js';
import { ConsumerStats } from '../report/consumer-stats.js';
import type { Topology } from '../topology/topology.js';
import type { BrakeGate } from './brake-gate.js';
import { DeliveryWork, type DeliveryWorkOptions, type RegisteredHandler } from './delivery-work.js';

export interface ServiceConsumerOptions {
  connection: BrokerConnection;
  /** Declared before every consume. */
  topology: Topology;
  gate: BrakeGate;
  work: Omit<DeliveryWorkOptions, 'gate' | 'stats'>;
  onError: (error: Error) => void;
}

/** One handler at work: its queue, its brake, and what is known of how it does. */
export class ServiceConsumer {
  private readonly stats = new ConsumerStats();
  private readonly consumer: Consumer;

  constructor(
    private readonly handler: RegisteredHandler,
    private readonly options: ServiceConsumerOptions,
  ) {
    const { connection, topology, gate, onError } = options;
    const { queue, prefetch } = handler.registration;
    const work = new DeliveryWork(handler, { ...options.work, gate, stats: this.stats });
    this.consumer = new Consumer(connection, {
      queue,
      prefetch,
      setup: (channel) => declare(channel, topology),
      work: (message, gone) => work.run(message, gone),
      onError,
    });
  }

  /** Deliveries being worked on; those that the brake holds are not. */
  get inHand(): number {
    return this.consumer.inHandCount - this.options.gate.waitingCount;
  }

  /** Resolves once the broker has accepted the subscription. */
  ready(): Promise<void> {
    return this.consumer.ready();
  }

  /** What the brake holds is left to the broker at once, what is in hand is finished. */
  async drain(timeoutMs: number): Promise<void> {
    this.options.gate.close();
    await this.consumer.drain(timeoutMs);
  }

  report(): ConsumerReport {
    const { queue, contract, prefetch } = this.handler.registration;
    return {
      queue,
      messageType: contract?.type ?? null,
      prefetch,
      inHand: this.inHand,
      ...this.stats.read(),
      brake: this.options.gate.report ?? null,
    };
  }
}
