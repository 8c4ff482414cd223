import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { MessagingRuntime } from '../messaging-runtime.js';
import type { BrakeChange } from './brakes.js';
import type { DeliveryResult } from './delivery.js';

/**
 * One line per delivery, and one when a brake is put on or let go, with the same fields everywhere.
 * Handlers themselves do not log.
 */
@Injectable()
export class DeliveryLog implements OnModuleInit {
  private readonly logger = new Logger('Delivery');

  constructor(private readonly runtime: MessagingRuntime) {}

  /** Never unsubscribed: deliveries in hand at shutdown settle late, and their lines are wanted too. */
  onModuleInit(): void {
    this.runtime.deliveries.settled.subscribe((result) => this.log(result));
    this.runtime.brakes.changes.subscribe((change) => this.logBrake(change));
  }

  private logBrake({ queue, isOn, report }: BrakeChange): void {
    const { failures, code, class: errorClass, message: reason, since } = report;
    const state = isOn ? 'on' : 'off';
    this.logger.warn({
      event: 'brake',
      queue,
      state,
      failures,
      code,
      class: errorClass,
      reason,
      since,
    });
  }

  private log(result: DeliveryResult): void {
    const { messageId, messageType, queue, attempt, correlationId, outcome, error } = result;
    const durationMs = Math.round(result.durationMs * 10) / 10;
    const line = {
      event: 'delivery',
      messageId,
      messageType,
      queue,
      attempt,
      correlationId,
      outcome,
      durationMs,
      // Only said where it is not so.
      ...(result.isCounted ? {} : { isCounted: false }),
    };
    if (error === undefined) this.logger.log(line);
    else if (outcome === 'retry') this.logger.warn({ ...line, err: error });
    else this.logger.error({ ...line, err: error });
  }
}
