import type { ConsumerReport } from '@offload/contracts';
import type { IncomingMessage } from '../amqp/wire.js';
import { attemptOf, isReplayed, sentAtOf } from '../consume/delivery-facts.js';
import type { DeliveryResult, Outcome } from '../consume/delivery.js';
import { SlidingHistogram } from './sliding-histogram.js';
import { SlidingMaximum } from './sliding-maximum.js';

const fiveMinutes = { windowMs: 300_000, slots: 10 };
const oneMinute = { windowMs: 60_000, slots: 6 };

type Counts = Pick<ConsumerReport, 'handled' | 'duplicates' | 'retried' | 'deadLettered'>;
type Waits = Pick<ConsumerReport, 'waitedMs' | 'handlingMs' | 'latencyMs'>;

/**
 * What one consumer has done. A few additions for each message, and the same memory for any number.
 *
 * Times between processes are as good as their clocks; a message from the future has waited no time.
 */
export class ConsumerStats {
  private readonly outcomes: Record<Outcome, number> = {
    handled: 0,
    duplicate: 0,
    retry: 0,
    'dead-letter': 0,
  };
  private readonly waited = new SlidingMaximum(oneMinute);
  private readonly handling = new SlidingHistogram(fiveMinutes);
  private readonly latency = new SlidingHistogram(fiveMinutes);

  constructor(private readonly now: () => number = Date.now) {}

  /** What was retried or put back has waited for other reasons than our being slow. */
  arrived(message: IncomingMessage): void {
    if (attemptOf(message) > 1 || isReplayed(message)) return;
    const sentAt = sentAtOf(message);
    const now = this.now();
    if (sentAt !== undefined) this.waited.record(Math.max(0, now - sentAt), now);
  }

  ended(message: IncomingMessage, { outcome, durationMs }: DeliveryResult): void {
    const now = this.now();
    this.outcomes[outcome] += 1;
    // Nothing was handled in a duplicate, and its microseconds would flatter us.
    if (outcome !== 'duplicate') this.handling.record(durationMs, now);
    const sentAt = sentAtOf(message);
    if (outcome === 'handled' && sentAt !== undefined && !isReplayed(message)) {
      this.latency.record(Math.max(0, now - sentAt), now);
    }
  }

  read(): Counts & Waits {
    const now = this.now();
    return {
      handled: this.outcomes.handled,
      duplicates: this.outcomes.duplicate,
      retried: this.outcomes.retry,
      deadLettered: this.outcomes['dead-letter'],
      waitedMs: this.waited.read(now),
      handlingMs: this.handling.read(now),
      latencyMs: this.latency.read(now),
    };
  }
}
