import { Injectable } from '@nestjs/common';
import type { WorkerReported } from '@offload/contracts';
import { type HeardWorker, isSilent } from './heard-worker.js';

/** What is forgotten is older than anything that is asked for. In milliseconds. */
const forgottenAfterMs = 600_000;

/**
 * The processes as this replica hears them, in memory alone: known at once, and also while the database
 * is away. What must be the same on all replicas is read from the table instead.
 */
@Injectable()
export class LiveWorkers {
  private readonly heard = new Map<string, { report: WorkerReported; heardAt: number }>();

  /** Takes a report over, unless a newer one of the same process is known. Answers whether it did. */
  take(report: WorkerReported, now = performance.now()): boolean {
    const known = this.heard.get(report.instance);
    const isLate = known && Date.parse(known.report.reportedAt) >= Date.parse(report.reportedAt);
    // A clock that was set back must not silence it for ever.
    if (isLate && now - known.heardAt < 60_000) return false;
    this.heard.set(report.instance, { report, heardAt: now });
    return true;
  }

  /** Those that are heard of and have not said that they end. */
  list(now = performance.now()): HeardWorker[] {
    const live: HeardWorker[] = [];
    for (const [instance, { report, heardAt }] of this.heard) {
      const worker = { report, ageMs: now - heardAt };
      if (worker.ageMs > forgottenAfterMs) this.heard.delete(instance);
      else if (!isSilent(worker) && !report.isLast) live.push(worker);
    }
    return live;
  }
}
