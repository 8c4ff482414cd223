import { SlidingHistogram } from './sliding-histogram.js';
import { SlidingMaximum } from './sliding-maximum.js';

const fiveMinutes = { windowMs: 300_000, slots: 10 };
const start = Date.parse('2026-02-03T04:05:00Z');

describe(SlidingHistogram.name, () => {
  it('counts each duration under the first bound that is not below it', () => {
    const histogram = new SlidingHistogram(fiveMinutes);

    for (const durationMs of [0, 1, 1.2, 9, 10, 11, 950]) histogram.record(durationMs, start);

    expect(histogram.read(start)).toEqual([
      { upToMs: 1, count: 2 },
      { upToMs: 1.3, count: 1 },
      { upToMs: 10, count: 2 },
      { upToMs: 13.3, count: 1 },
      { upToMs: 1000, count: 1 },
    ]);
  });

  it('counts what takes longer than a day at the last bound', () => {
    const histogram = new SlidingHistogram(fiveMinutes);

    histogram.record(1e12, start);
    histogram.record(Infinity, start);

    expect(histogram.read(start)).toEqual([{ upToMs: 100_000_000, count: 2 }]);
  });

  it('forgets what lies further back than its window, however long nothing came', () => {
    const histogram = new SlidingHistogram(fiveMinutes);
    histogram.record(5, start);
    histogram.record(5, start + 200_000);

    expect(countIn(histogram, start + 269_000)).toBe(2);
    expect(countIn(histogram, start + 300_000)).toBe(1);
    expect(countIn(histogram, start + 86_400_000)).toBe(0);
    histogram.record(5, start + 86_400_000);
    expect(countIn(histogram, start + 86_400_000)).toBe(1);
  });
});

describe(SlidingMaximum.name, () => {
  it('is the largest of its window, and null when nothing came', () => {
    const maximum = new SlidingMaximum({ windowMs: 60_000, slots: 6 });
    expect(maximum.read(start)).toBeNull();

    maximum.record(7, start);
    maximum.record(3, start + 30_000);

    expect(maximum.read(start + 30_000)).toBe(7);
    expect(maximum.read(start + 60_000)).toBe(3);
    expect(maximum.read(start + 90_000)).toBeNull();
  });
});

function countIn(histogram: SlidingHistogram, now: number): number {
  return histogram.read(now).reduce((sum, { count }) => sum + count, 0);
}
