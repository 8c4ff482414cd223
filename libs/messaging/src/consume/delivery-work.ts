import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Publisher } from '../amqp/publisher.js';
import type { IncomingMessage, WireMessage } from '../amqp/wire.js';
import type { Deliveries } from './deliveries.js';
import { deliver, type DeliveryResult, type InvokeHandler } from './delivery.js';
import type { Registration } from './handles.decorator.js';
import { followUp } from './settle.js';

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
  tiersMs: readonly number[];
  /** Something may have been committed to the outbox. */
  onOutbox: () => void;
  /** Aborted when the service has drained. */
  stopping: AbortSignal;
}

/**
 * Works on deliveries, from arrival to acknowledgement: resolving lets the consumer acknowledge.
 *
 * The brake (a consumer that pauses while everything fails alike) has its place here, before
 * `deliver`.
 */
export class DeliveryWork {
  private readonly logger = new Logger('Messaging');

  constructor(private readonly options: DeliveryWorkOptions) {}

  /** Rejects only when the service stops before the delivery could be settled; the broker keeps it. */
  async run(message: IncomingMessage, handler: RegisteredHandler): Promise<void> {
    const { registration, invoke } = handler;
    for (let round = 1; ; round += 1) {
      const result = await deliver(message, registration, invoke, this.options);
      // Also after a failure: a handler may have committed the record of its try, and an event about it.
      this.options.onOutbox();
      const isHeld = !registration.contract && !isSuccess(result);
      if (!isHeld) await this.publishFollowUp(message, registration, result);
      this.options.deliveries.announce(result);
      if (!isHeld) return;
      // From a queue of last resort there is nowhere to give up to: it stays in hand and is tried again.
      await this.pause(round);
    }
  }

  private async publishFollowUp(
    message: IncomingMessage,
    { attempts }: Registration,
    result: DeliveryResult,
  ): Promise<void> {
    const copy = followUp(message, result, { ...this.options, attempts });
    if (copy) await this.publishSurely(copy, message.queue);
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

function isSuccess({ outcome }: DeliveryResult): boolean {
  return outcome === 'handled' || outcome === 'duplicate';
}
