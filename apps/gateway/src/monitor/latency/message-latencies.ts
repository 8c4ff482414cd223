import type { Histogram } from '@offload/contracts';
import type { MessageLatency } from '@offload/contracts/http';
import { type HeardWorker, liveOnes, membersByQueue } from '../workers/heard-worker.js';

/** In place of a message type, for the queues that take everything. */
const anyType = '*';

/** How long messages take, over all live workers, by type and queue. */
export function messageLatencies(workers: readonly HeardWorker[]): MessageLatency[] {
  return [...membersByQueue(liveOnes(workers))]
    .map(([queue, members]) => ({
      message_type: members[0]?.consumer.messageType ?? anyType,
      queue,
      handling_ms: percentilesOf(merged(members.map(({ consumer }) => consumer.handlingMs))),
      total_ms: percentilesOf(merged(members.map(({ consumer }) => consumer.latencyMs))),
    }))
    .toSorted(
      (a, b) => a.message_type.localeCompare(b.message_type) || a.queue.localeCompare(b.queue),
    );
}

/** The counts of several histograms in one, by ascending bound. */
export function merged(histograms: readonly Histogram[]): Histogram {
  const counts = new Map<number, number>();
  for (const { upToMs, count } of histograms.flat()) {
    counts.set(upToMs, (counts.get(upToMs) ?? 0) + count);
  }
  return [...counts]
    .map(([upToMs, count]) => ({ upToMs, count }))
    .toSorted((a, b) => a.upToMs - b.upToMs);
}

/**
 * By nearest rank: the bound of the bucket that holds the smallest value which at least so many percent
 * of all do not exceed.
 */
export function percentilesOf(histogram: Histogram): MessageLatency['handling_ms'] {
  const total = histogram.reduce((sum, { count }) => sum + count, 0);
  const at = (percent: number): number | null => {
    const rank = Math.ceil((percent * total) / 100);
    let below = 0;
    for (const { upToMs, count } of histogram) {
      below += count;
      if (below >= rank) return upToMs;
    }
    return null;
  };
  return { count: total, p50: at(50), p90: at(90), p99: at(99), max: at(100) };
}
