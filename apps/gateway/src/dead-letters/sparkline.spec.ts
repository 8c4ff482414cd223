import { seriesOf, stepsOf } from './sparkline.js';

describe(stepsOf, () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00Z', 3600],
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01Z', 1],
    ['2026-01-01T00:00:00.000Z', '2025-01-01T00:00:00Z', 1],
  ])('cuts the time from %s to %s', (from, now, bucketS) => {
    expect(stepsOf(new Date(from), new Date(now))).toEqual({ from, bucketS });
  });
});

describe(seriesOf, () => {
  it('has a place for every step', () => {
    const counts = seriesOf([
      { step: 0, count: 2 },
      { step: 23, count: 5 },
    ]);

    expect(counts).toEqual([2, ...Array.from({ length: 22 }, () => 0), 5]);
  });
});
