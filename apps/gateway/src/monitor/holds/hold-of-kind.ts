import type { WorkHold } from '@offload/contracts/http';
import type { HeldKind } from '../../events/work-holds.js';
import {
  type BrakeOfAll,
  brakeOfAll,
  type HeardWorker,
  membersByQueue,
} from '../workers/heard-worker.js';
import { wordsForCause } from './words-for-cause.js';

/** The queues through which the work of each kind goes. */
const servedBy: Record<HeldKind, RegExp> = {
  import: /^(ingest\.|gateway\.track-import-)/,
  email: /^(notifier\.send-email$|gateway\.track-email-)/,
  upload: /^gateway\.check-upload$/,
};

/** Whether work of a kind goes through a queue. */
export function serves(kind: HeldKind, queue: string): boolean {
  return servedBy[kind].test(queue);
}

/**
 * What holds up work of a kind, from the reports of live workers; null while it goes on.
 *
 * Only a queue that all its workers have paused holds it up. Of several the longest paused is told.
 */
export function holdOfKind(kind: HeldKind, live: readonly HeardWorker[]): WorkHold | null {
  const held = [...membersByQueue(live)].flatMap(([queue, members]) =>
    serves(kind, queue) ? (brakeOfAll(members) ?? []) : [],
  );
  const [longest] = held.toSorted((a, b) => a.since.localeCompare(b.since));
  return longest
    ? { detail: sentence(longest), since: longest.since, next_try_at: longest.nextProbeAt }
    : null;
}

function sentence(brake: BrakeOfAll): string {
  const { since, nextProbeAt } = brake;
  return `Paused since ${clock(since)} UTC: ${wordsForCause(brake)}. It is tried again by itself at ${clock(nextProbeAt, { seconds: true })} UTC; nothing is lost.`;
}

/** The day is in the times beside the sentence. */
function clock(time: string, { seconds = false } = {}): string {
  return new Date(time).toISOString().slice(11, seconds ? 19 : 16);
}
