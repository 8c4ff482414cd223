import { MemoryGuard } from './memory-guard.js';

describe(MemoryGuard.name, () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells once, after three looks in a row above the limit', () => {
    const told = guard([101, 102, 103, 104, 105]);

    jest.advanceTimersByTime(2_000);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(3_000);

    expect(told).toEqual([103]);
  });

  it('does not mind a peak, nor standing at the limit', () => {
    const told = guard([101, 102, 100, 101, 102, 100]);

    jest.advanceTimersByTime(6_000);

    expect(told).toEqual([]);
  });
});

function guard(sizes: number[]): number[] {
  const told: number[] = [];
  new MemoryGuard({
    limitBytes: 100,
    everyMs: 1_000,
    onLimit: (rssBytes) => told.push(rssBytes),
    rssBytes: () => sizes.shift() ?? 0,
  }).start();
  return told;
}
