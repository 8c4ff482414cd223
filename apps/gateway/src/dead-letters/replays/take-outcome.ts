import type { ReplayEntity } from './replay.entity.js';

export interface ItemOutcome {
  batch: number;
  was: 'published' | 'expired';
  state: 'succeeded' | 'failed_again' | 'expired';
}

type Counted = Pick<
  ReplayEntity,
  | 'published'
  | 'expired'
  | 'succeeded'
  | 'failedAgain'
  | 'batch'
  | 'batchKnown'
  | 'firstBatch'
  | 'recent'
>;

/** The largest window that a pace may have. */
const longestRecent = 1000;

/**
 * Counts an outcome. Those of before the replay was resumed, and those of what had been given up waiting
 * for, say nothing about how it goes now and do not count for the failure rule.
 */
export function takeOutcome(replay: Counted, { batch, was, state }: ItemOutcome): void {
  replay[was] -= 1;
  replay[memberOf[state]] += 1;
  if (was === 'expired') return;
  if (batch === replay.batch) replay.batchKnown += 1;
  if (batch < replay.firstBatch) return;
  const outcome = state === 'succeeded' ? 's' : 'f';
  replay.recent = (replay.recent + outcome).slice(-longestRecent);
}

const memberOf = {
  succeeded: 'succeeded',
  failed_again: 'failedAgain',
  expired: 'expired',
} as const;
