import type { BrakeReport } from '@offload/contracts';
import { Brake, type BrakeSettings, type Probe, type TryEnd } from './brake.js';

/** What a delivery that comes to the gate is to do. */
export type Pass =
  | { may: 'go'; probe: Probe | undefined }
  /** Waited as long as one delivery may: back to the queue by way of a retry tier. */
  | { may: 'go-back' }
  /** The broker has it, or will have it when this process ends: do nothing. */
  | { may: 'leave' };

export interface BrakeGateOptions {
  settings: BrakeSettings;
  /** Told after every change between on and off. `report` is what was so last. */
  onChange: (isOn: boolean, report: BrakeReport) => void;
  /**
   * Longest that one delivery waits, in milliseconds. The broker closes the channel of a consumer that
   * keeps one unacknowledged for half an hour (RabbitMQ, "Delivery Acknowledgement Timeout").
   * (Default: 600 000)
   */
  longestWaitMs?: number;
  now?: () => number;
  random?: () => number;
}

/**
 * Where the deliveries of one consumer wait while its brake is on.
 *
 * First come, first to probe: a probe that fails leaves for a retry tier, so the next one is another
 * message, and a bad one cannot hold the queue.
 */
export class BrakeGate {
  private readonly brake: Brake;
  private readonly now: () => number;
  private readonly longestWaitMs: number;
  private readonly waiting = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: BrakeGateOptions) {
    this.now = options.now ?? Date.now;
    this.longestWaitMs = options.longestWaitMs ?? 600_000;
    this.brake = new Brake(options.settings, this.now, options.random ?? Math.random);
  }

  get report(): BrakeReport | undefined {
    return this.brake.report;
  }

  /** The pause between two probes, in milliseconds. */
  get pauseMs(): number {
    return this.brake.pauseMs;
  }

  /** Deliveries that wait here. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Answers at once while the brake is off. `gone` tells that the broker has taken the delivery back. */
  enter(gone: AbortSignal): Pass | Promise<Pass> {
    if (!this.brake.isOn) return { may: 'go', probe: undefined };
    if (this.isClosed || gone.aborted) return { may: 'leave' };
    return new Promise((resolve) => {
      const waiter: Waiter = {
        since: this.now(),
        answer: (pass) => {
          this.waiting.delete(waiter);
          gone.removeEventListener('abort', waiter.leave);
          resolve(pass);
        },
        leave: () => waiter.answer({ may: 'leave' }),
      };
      this.waiting.add(waiter);
      gone.addEventListener('abort', waiter.leave);
      this.tend();
    });
  }

  /** To be told of the end of every try that was let through. Answers whether the try counts. */
  leave({ probe }: { probe: Probe | undefined }, end: TryEnd): boolean {
    const before = this.brake.report;
    const counts = this.brake.end(end, probe);
    const after = this.brake.report;
    if (before && !after) this.options.onChange(false, before);
    if (!before && after) this.options.onChange(true, after);
    if (before || after) this.tend();
    return counts;
  }

  /** The process stops: whoever waits is left to the broker, at once. Nobody waits from here on. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const waiter of [...this.waiting]) waiter.leave();
  }

  private tend(): void {
    clearTimeout(this.timer);
    if (!this.brake.isOn) {
      for (const waiter of [...this.waiting]) waiter.answer({ may: 'go', probe: undefined });
      return;
    }
    const now = this.now();
    const [first] = this.waiting;
    if (first && this.brake.probeDueAt <= now) {
      first.answer({ may: 'go', probe: this.brake.beginProbe() });
    }
    for (const waiter of [...this.waiting]) {
      if (waiter.since + this.longestWaitMs > now) break;
      waiter.answer({ may: 'go-back' });
    }
    this.wakeLater(now);
  }

  private wakeLater(now: number): void {
    const [oldest] = this.waiting;
    if (!oldest) return;
    const at = Math.min(oldest.since + this.longestWaitMs, this.brake.probeDueAt);
    this.timer = setTimeout(() => this.tend(), Math.max(0, at - now));
  }
}

interface Waiter {
  since: number;
  answer: (pass: Pass) => void;
  leave: () => void;
}
