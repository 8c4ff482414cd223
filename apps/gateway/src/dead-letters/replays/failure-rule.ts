import type { ReplayPace, ReplayStage } from '@offload/contracts/http';

export interface Outcomes {
  stage: ReplayStage;
  pace: Pick<ReplayPace, 'max_failed_ratio' | 'window' | 'canary'>;
  claimed: number;
  batchSize: number;
  /** Since the replay was started or resumed, oldest first: s or f. */
  recent: string;
}

/** Fewer outcomes than these say little about the rest. */
const minimum = 10;

/**
 * Why the replay must not go on: too large a share of the last outcomes failed again; undefined when
 * it may.
 *
 * The canary is judged as a whole, as soon as it cannot come out well any more. After it the share is
 * taken over the window, once there are ten outcomes (or as many as the canary had, or the window, has);
 * and at once when so many failed that even a full window would be too bad. With nothing left to put
 * back there is nothing to hold.
 */
export function tooManyFailures({
  stage,
  pace,
  claimed,
  batchSize,
  recent,
}: Outcomes): string | undefined {
  const { max_failed_ratio: limit, window, canary } = pace;
  if (claimed === 0) return undefined;
  const sample = recent.slice(-window);
  const failed = countFailed(sample);
  const known = sample.length;
  const isBad =
    stage === 'canary'
      ? failed > limit * Math.min(batchSize, window)
      : failed > limit * window ||
        (known >= Math.min(window, Math.max(minimum, canary)) && failed > limit * known);
  if (!isBad) return undefined;
  return (
    `${failed} of the last ${known} outcomes failed again (${percent(failed / known)}); ` +
    `at most ${percent(limit)} are allowed.`
  );
}

export function countFailed(outcomes: string): number {
  return outcomes.split('f').length - 1;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}
