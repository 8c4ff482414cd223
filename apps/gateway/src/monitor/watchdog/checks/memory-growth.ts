import type { WorkerReported } from '@offload/contracts';
import { liveOnes } from '../../workers/heard-worker.js';
import type { Check, MemoryTrend, Trouble } from '../facts.js';
import { duration, mebibytes } from '../words.js';

/** Of the limit. */
const nearlyFull = 0.85;
/** Shorter, and a garbage collection decides about the slope. */
const shortestSpanMs = 20 * 60_000;
const steadyFit = 0.8;
const horizonMs = 6 * 3_600_000;
/** Without a limit: what has doubled, and is at least so much, was not like that by design. */
const muchBytes = 512 * 1_048_576;

/**
 * Processes whose memory nears its limit, or grows so steadily that it gets there within six hours.
 *
 * Without a limit there is nothing to get to; then one that would double within that time is told.
 */
export const memoryGrowth: Check = ({ workers, memory }) => {
  const trends = new Map(memory.map((trend) => [trend.instance, trend]));
  return liveOnes(workers).flatMap(
    ({ report }) => nearLimit(report) ?? growing(report, trends.get(report.instance)) ?? [],
  );
};

function nearLimit({ instance, memory }: WorkerReported): Trouble | undefined {
  const { rssBytes, limitBytes } = memory;
  if (limitBytes === null || rssBytes < nearlyFull * limitBytes) return undefined;
  const percent = Math.round((100 * rssBytes) / limitBytes);
  return trouble(instance, {
    severity: 'critical',
    detail: `${instance} uses ${mebibytes(rssBytes)}, ${percent} % of its limit. Above the limit it finishes what it has in hand and ends.`,
    // A peak that a garbage collection ends is none.
    confirmAfterMs: 30_000,
  });
}

function growing({ instance, memory }: WorkerReported, trend?: MemoryTrend): Trouble | undefined {
  if (!trend || trend.spanMs < shortestSpanMs || trend.fit < steadyFit) return undefined;
  if (trend.bytesPerHour <= 0) return undefined;
  const { rssBytes, limitBytes } = memory;
  if (limitBytes === null && 2 * rssBytes < muchBytes) return undefined;
  const goalBytes = limitBytes ?? 2 * rssBytes;
  const leftMs = ((goalBytes - rssBytes) / trend.bytesPerHour) * 3_600_000;
  if (leftMs > horizonMs) return undefined;
  const goal =
    limitBytes === null ? 'has doubled' : `reaches its limit of ${mebibytes(limitBytes)}`;
  return trouble(instance, {
    severity: 'warning',
    detail: `${instance} uses ${mebibytes(rssBytes)} and has grown by ${mebibytes(trend.bytesPerHour)} an hour for ${duration(trend.spanMs)}; it ${goal} in about ${duration(leftMs)}.`,
  });
}

function trouble(
  instance: string,
  what: Pick<Trouble, 'severity' | 'detail' | 'confirmAfterMs'>,
): Trouble {
  return {
    code: 'memory_growth',
    subject: `worker:${instance}`,
    remedy:
      'Restart it at a quiet moment: it drains first and loses nothing. Take a heap snapshot before, if it grows again and again; set MEMORY_LIMIT_MB so that it ends by itself in time.',
    ...what,
  };
}
