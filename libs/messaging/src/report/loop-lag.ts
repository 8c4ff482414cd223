import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { WorkerReported } from '@offload/contracts';

const resolutionMs = 20;

/**
 * How late the event loop runs its timers.
 *
 * What Node measures is the whole time between two ticks of a timer, so the time between them that was
 * asked for is taken off. Watching costs fifty wake-ups a second.
 */
export class LoopLag {
  private readonly histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  start(): void {
    this.histogram.enable();
  }

  stop(): void {
    this.histogram.disable();
  }

  /** Of the time since the last reset; all zero when nothing was measured. */
  read(): WorkerReported['eventLoop'] {
    const { count, max } = this.histogram;
    if (count === 0) return { lagP50Ms: 0, lagP99Ms: 0, lagMaxMs: 0 };
    return {
      lagP50Ms: lagMs(this.histogram.percentile(50)),
      lagP99Ms: lagMs(this.histogram.percentile(99)),
      lagMaxMs: lagMs(max),
    };
  }

  reset(): void {
    this.histogram.reset();
  }
}

function lagMs(nanoseconds: number): number {
  return Math.max(0, Math.round((nanoseconds / 1e6 - resolutionMs) * 100) / 100);
}
