import { liveOnes } from '../../workers/heard-worker.js';
import type { Check } from '../facts.js';

const warnAboveMs = 500;
const alarmAboveMs = 5_000;

/** Processes that are late with everything they do, look after look. */
export const eventLoopLag: Check = ({ workers, limits }) =>
  liveOnes(workers).flatMap(({ report: { instance, eventLoop } }) => {
    const { lagP99Ms, lagMaxMs } = eventLoop;
    if (lagP99Ms < warnAboveMs) return [];
    return [
      {
        code: 'event_loop_lag' as const,
        severity: lagP99Ms < alarmAboveMs ? ('warning' as const) : ('critical' as const),
        subject: `worker:${instance}`,
        detail: `The event loop of ${instance} is late by ${Math.round(lagP99Ms)} ms (99th percentile; ${Math.round(lagMaxMs)} ms at most).`,
        remedy:
          'See whether its machine has CPU left. If it has, something computes without a pause: take a CPU profile of the process; add replicas meanwhile.',
        confirmAfterMs: 2 * limits.everyMs,
      },
    ];
  });
