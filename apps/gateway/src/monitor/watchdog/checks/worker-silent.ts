import { type HeardWorker, isSilent, liveOnes } from '../../workers/heard-worker.js';
import type { Check, Trouble } from '../facts.js';
import { duration } from '../words.js';
import { hearsNothing } from './hears-nothing.js';

/** After a broker's or a database's restart everybody is heard of again in less. */
const confirmAfterMs = 15_000;
/** While others of its service work, a process that stays away longer has been taken away. */
const tellForMs = 3_600_000;

/**
 * Processes that have stopped reporting without having said that they end: killed, hanging, or cut off.
 *
 * One that was replaced, by a process of its service that has started since, is told no more.
 */
export const workerSilent: Check = (facts) => {
  if (hearsNothing(facts)) return undefined;
  const { workers, now } = facts;
  const live = liveOnes(workers);
  return workers.filter(isSilent).flatMap((worker) => {
    const peers = live.filter(({ report }) => report.service === worker.report.service);
    const lastHeard = now.getTime() - worker.ageMs;
    // A process that starts again within a report's time may have begun a little before that.
    const replacedSince = lastHeard - worker.report.everyMs;
    const isReplaced = peers.some(({ report }) => Date.parse(report.startedAt) > replacedSince);
    if (isReplaced || (peers.length > 0 && worker.ageMs > tellForMs)) return [];
    return [troubleOf(worker, peers.length)];
  });
};

function troubleOf({ report, ageMs }: HeardWorker, peers: number): Trouble {
  const { instance, service, host, pid } = report;
  const others = peers === 0 ? `no other ${service} works` : `${peers} more of ${service} work`;
  return {
    code: 'worker_silent',
    severity: peers === 0 ? 'critical' : 'warning',
    subject: `worker:${instance}`,
    detail: `Nothing was heard of ${instance} (process ${pid} on ${host}) for ${duration(ageMs)}; ${others}.`,
    remedy:
      'See whether the process still runs. If it does not, its supervisor should have started another; if it does, it hangs or cannot reach the broker: read its last log lines, then restart it.',
    confirmAfterMs,
  };
}
