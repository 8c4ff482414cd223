import { floorTrend, type Point } from './trend.mts';

const everyMs = 5_000;

describe(floorTrend.name, () => {
  it('finds the slope of what grows', () => {
    const trend = floorTrend(look({ minutes: 30, at: (hours) => 80 + 12 * hours }));

    expect(trend?.perHour).toBeCloseTo(12, 6);
    expect(trend?.give).toBeCloseTo(0, 6);
  });

  it('sees through a garbage collector that lets the heap rise and fall', () => {
    const trend = floorTrend(look({ minutes: 30, at: (_, place) => 80 + (place % 6) * 7 }));

    expect(trend).toMatchObject({ perHour: 0, give: 0 });
  });

  it('takes no notice of what the first half takes once', () => {
    const trend = floorTrend(look({ minutes: 30, at: (hours) => 80 + Math.min(hours, 0.2) * 100 }));

    expect(trend?.perHour).toBeCloseTo(0, 6);
  });

  it('is the less sure the more the points scatter', () => {
    expect(scatter(10)).toBeGreaterThan(scatter(1) * 5);
    expect(scatter(1)).toBeGreaterThan(0);
  });

  it('tells nothing of a run that was too short', () => {
    expect(floorTrend(look({ minutes: 9, at: () => 80 }))).toBeUndefined();
    expect(floorTrend([])).toBeUndefined();
  });
});

function look({
  minutes,
  at,
}: {
  minutes: number;
  at: (hours: number, place: number) => number;
}): Point[] {
  return Array.from({ length: (minutes * 60_000) / everyMs }, (_, place) => {
    const atMs = place * everyMs;
    return { atMs, value: at(atMs / 3_600_000, place) };
  });
}

/** What the slope of points that scatter so far is within. */
function scatter(size: number): number {
  const at = (_: number, place: number): number => 80 + size * Math.sin(place * place);
  return floorTrend(look({ minutes: 30, at }))?.give ?? 0;
}
