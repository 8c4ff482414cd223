import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Publisher } from '../amqp/publisher.js';
import type { IncomingMessage, WireMessage } from '../amqp/wire.js';
import type { ConsumerStats } from '../report/consumer-stats.js';
import type { BrakeGate } from './brake-gate.js';
import type { Deliveries } from './deliveries.js';
import { deliver, type DeliveryResult, type InvokeHandler } from './delivery.js';
import type { Registration } from './handles.decorator.js';
import { comeBackCopy, followUp, type SettlePolicy } from './settle.js';
import { traceDelivery } from './trace-delivery.js';
import { tryEndOf } from './try-end.js';

/** A handler with the queue it is fed from. */
export interface RegisteredHandler {
  registration: Registration;
  invoke: InvokeHandler;
}

export interface DeliveryWorkOptions {
  service: string;
  dataSource: DataSource;
  publisher: Publisher;
  deliveries: Deliveries;
  /** Where deliveries wait while everything fails alike. */
  gate: BrakeGate;
  stats: ConsumerStats;
  tiersMs: readonly number[];
  /** Something may have been committed to the outbox. */
  onOutbox: () => void;
  /** Aborted when the service has drained. */
  stopping: AbortSignal;
}

/**
 * Works on the deliveries of one consumer, from arrival to acknowledgement.
 *
 * The brake sits between the two: a delivery comes to its gate before `deliver`, and how `deliver` ends
 * is told to it before anything is published, because a try that fails with everybody's failure is not
 * counted. The queues of last resort have no brake; what cannot be stored there is tried until it can.
 */
export class DeliveryWork {
  private readonly logger = new Logger('Messaging');

  constructor(
    private readonly handler: RegisteredHandler,
    private readonly options: DeliveryWorkOptions,
  ) {}

  /**
   * `settled`: acknowledge it. `left`: it is the broker's, or will be when this process ends. Rejects
   * only when the service stops before a failure could be published; the broker keeps it then too.
   */
  run(message: IncomingMessage, gone: AbortSignal): Promise<'settled' | 'left'> {
    this.options.stats.arrived(message);
    return this.handler.registration.contract
      ? this.runOnce(message, gone)
      : this.runUntilStored(message, gone);
  }

  private async runOnce(message: IncomingMessage, gone: AbortSignal): Promise<'settled' | 'left'> {
    const { gate, onOutbox } = this.options;
    const pass = await gate.enter(gone);
    if (pass.may === 'leave') return 'left';
    if (pass.may === 'go-back') {
      const copy = comeBackCopy(message, this.policy);
      if (copy) await this.publishSurely(copy, message.queue);
      return copy ? 'settled' : 'left';
    }

    await traceDelivery(message, async () => {
      const tried = await this.deliver(message, pass.probe?.isSpared ?? false);
      // Also after a failure: a handler may have committed the record of its try, and an event about it.
      onOutbox();
      const isCounted = gate.leave(pass, tryEndOf(tried, this.handler.registration));
      const result: DeliveryResult = isCounted ? tried : { ...tried, outcome: 'retry', isCounted };
      const copy = followUp(message, result, this.policy);
      if (copy) await this.publishSurely(copy, message.queue);
      this.announce(message, result);
      return result;
    });
    return 'settled';
  }

  /** From a queue of last resort there is nowhere to give up to: it stays in hand and is tried again. */
  private async runUntilStored(
    message: IncomingMessage,
    gone: AbortSignal,
  ): Promise<'settled' | 'left'> {
    for (let round = 1; !gone.aborted; round += 1) {
      const result = await traceDelivery(message, async () => {
        const tried = await this.deliver(message, false);
        this.options.onOutbox();
        this.announce(message, tried);
        return tried;
      });
      if (result.outcome === 'handled' || result.outcome === 'duplicate') return 'settled';
      await this.pause(round);
    }
    return 'left';
  }

  private deliver(message: IncomingMessage, isSpared: boolean): Promise<DeliveryResult> {
    const { dataSource, service } = this.options;
    const { registration, invoke } = this.handler;
    return deliver(message, registration, invoke, { dataSource, service, isSpared });
  }

  private announce(message: IncomingMessage, result: DeliveryResult): void {
    this.options.stats.ended(message, result);
    this.options.deliveries.announce(result);
  }

  private get policy(): SettlePolicy {
    const { service, tiersMs, gate } = this.options;
    return {
      service,
      tiersMs,
      attempts: this.handler.registration.attempts,
      pauseMs: gate.pauseMs,
    };
  }

  /** Tries until the broker confirms: the delivery must not be acknowledged before its copy is safe. */
  private async publishSurely(copy: WireMessage, queue: string): Promise<void> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.options.publisher.publish(copy);
      } catch (error) {
        this.logger.warn({ event: 'follow-up', queue, exchange: copy.exchange, err: error });
        await this.pause(round);
      }
    }
  }

  /** From half a second to half a minute. Throws when the service stops. */
  private async pause(round: number): Promise<void> {
    const delayMs = Math.min(30_000, 250 * 2 ** round);
    await delay(delayMs, undefined, { signal: this.options.stopping });
  }
}
