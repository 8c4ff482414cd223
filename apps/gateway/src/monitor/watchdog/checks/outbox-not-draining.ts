import { liveOnes } from '../../workers/heard-worker.js';
import type { Check, Facts, Trouble } from '../facts.js';
import { counted, duration } from '../words.js';

/** A healthy outbox is empty within a second; a broker that restarts needs a little longer. */
const warnAfterMs = 60_000;
const alarmAfterMs = 600_000;

/** Messages that were committed and do not reach the broker: of the gateway, and of each other service. */
export const outboxNotDraining: Check = (facts) =>
  [ownOutbox(facts), ...otherOutboxes(facts)].filter((trouble) => trouble !== undefined);

function ownOutbox({ outbox, now }: Facts): Trouble | undefined {
  if (!outbox.oldestAt) return undefined;
  const ageMs = now.getTime() - outbox.oldestAt.getTime();
  return troubleOf('gateway', outbox.pending, ageMs, outbox.lastError);
}

/** The replicas of a service share one outbox, so the latest word of any of them will do. */
function otherOutboxes({ workers }: Facts): (Trouble | undefined)[] {
  const byService = new Map<string, { pending: number; ageMs: number }>();
  for (const { report } of liveOnes(workers)) {
    if (report.service === 'gateway' || !report.outbox) continue;
    const { pending, oldestAgeMs } = report.outbox;
    const ageMs = oldestAgeMs ?? 0;
    const known = byService.get(report.service);
    if (!known || known.ageMs > ageMs) byService.set(report.service, { pending, ageMs });
  }
  return [...byService].map(([service, { pending, ageMs }]) =>
    troubleOf(service, pending, ageMs, null),
  );
}

function troubleOf(
  service: string,
  pending: number,
  ageMs: number,
  lastError: string | null,
): Trouble | undefined {
  if (ageMs < warnAfterMs) return undefined;
  const why = lastError === null ? '' : ` The last try failed: ${lastError}`;
  return {
    code: 'outbox_not_draining',
    severity: ageMs < alarmAfterMs ? 'warning' : 'critical',
    subject: `outbox:${service}`,
    detail: `${counted(pending, 'message')} of ${service} ${pending === 1 ? 'waits' : 'wait'} for the broker, the oldest for ${duration(ageMs)}.${why}`,
    remedy:
      'See whether the broker is away or blocked; if it is not, last_error in outbox_message says why a message is not taken.',
  };
}
