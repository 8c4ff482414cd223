import { defaultRetryPolicy, nextTier } from './retry-policy.js';

describe(nextTier.name, () => {
  it('waits longer after each attempt', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) =>
      nextTier(defaultRetryPolicy, attempt, 0.5),
    );

    expect(waits).toEqual([1_000, 3_000, 10_000, 30_000, 60_000, 300_000, 900_000]);
  });

  it('spreads messages that failed together over neighbouring tiers', () => {
    const waits = [0, 0.25, 0.5, 0.75, 0.99].map((random) =>
      nextTier(defaultRetryPolicy, 3, random),
    );

    expect(new Set(waits)).toEqual(new Set([3_000, 10_000]));
  });

  it('gives up after the last attempt', () => {
    expect(nextTier(defaultRetryPolicy, 8, 0.5)).toBeUndefined();
  });
});
