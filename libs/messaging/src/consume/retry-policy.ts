/**
 * When a failed delivery is tried again, and when it is given up.
 *
 * Waits grow threefold from one second, each stretched or shortened by up to a half so that messages
 * that failed together do not come back together, and rounded to the nearest tier: with the default
 * eight attempts a message is tried for about a quarter of an hour.
 */
export interface RetryPolicy {
  /** Tries altogether, the first included. (Default: 8) */
  attempts: number;
  /** The waits there are, ascending; one queue on the broker for each. */
  tiersMs: readonly number[];
}

export const defaultTiersMs: readonly number[] = [
  1_000, 3_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000,
];

export const defaultRetryPolicy: RetryPolicy = { attempts: 8, tiersMs: defaultTiersMs };

/**
 * The wait after the given failed attempt, one of the tiers; undefined when it was the last one.
 *
 * `random` is in [0, 1).
 */
export function nextTier(policy: RetryPolicy, attempt: number, random: number): number | undefined {
  if (attempt >= policy.attempts) return undefined;
  const first = policy.tiersMs[0] ?? 1_000;
  const wanted = first * 3 ** (attempt - 1) * (0.5 + random);
  return nearestTier(policy.tiersMs, wanted);
}

/** The tier that waits about so long, by ratio: 2 s lies as far from 1 s as from 4 s. Undefined where there are none. */
export function nearestTier(tiersMs: readonly number[], wantedMs: number): number | undefined {
  let best: number | undefined;
  for (const tier of tiersMs) {
    if (best === undefined || ratio(tier, wantedMs) < ratio(best, wantedMs)) best = tier;
  }
  return best;
}

function ratio(a: number, b: number): number {
  return a > b ? a / b : b / a;
}
