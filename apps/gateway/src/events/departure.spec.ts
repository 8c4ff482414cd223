import { Departure } from './departure.js';

describe(Departure.name, () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ends nobody in the first half of the time, and everybody by its end, one after the other', () => {
    const left = depart({ withinMs: 10_000, streams: 100 });

    jest.advanceTimersByTime(4_999);
    expect(left).toHaveLength(0);
    jest.advanceTimersByTime(2_501);
    expect(left).toHaveLength(50);
    jest.advanceTimersByTime(2_500);

    expect(left).toHaveLength(100);
  });

  it('ends all at once where there is no time, and spreads their return', () => {
    const left = depart({ withinMs: 0, streams: 100 });

    jest.advanceTimersByTime(0);

    expect(left).toHaveLength(100);
    expect(new Set(left).size).toBe(100);
    expect([Math.min(...left), Math.max(...left)]).toEqual([250, 2_725]);
  });

  it('lets no more than a thousand a second come back', () => {
    const left = depart({ withinMs: 0, streams: 20_000 });

    jest.advanceTimersByTime(0);

    expect(left.filter((retryMs) => retryMs < 250 + 10_000)).toHaveLength(10_000);
  });
});

/** The waits that were told, in the order in which streams were ended; chances are spread evenly. */
function depart({ withinMs, streams }: { withinMs: number; streams: number }): number[] {
  const left: number[] = [];
  let draws = 0;
  // Two draws for each stream, of the same number.
  const random = (): number => Math.floor(draws++ / 2) / streams;
  const departure = new Departure({ withinMs, streams, random });
  for (let n = 0; n < streams; n += 1) departure.schedule((retryMs) => left.push(retryMs));
  return left;
}
