import { type Sample, speedOf, takeSample } from './import-speed.js';

describe('the speed of an import', () => {
  it('is that of the last seconds, not that of all the time', () => {
    const slowThenFast = [...steps(0, 60, 10), ...steps(61, 90, 1000, 600)];

    const samples = slowThenFast.reduce<Sample[]>(takeSample, []);

    expect(speedOf(samples)).toEqual({ unitsPerS: 100_000, rowsPerS: 1000 });
    expect(samples.length).toBeLessThan(20);
  });

  it('is not known before something has moved', () => {
    expect(speedOf([])).toBeUndefined();
    expect(speedOf(takeSample([], at(1, 10)))).toBeUndefined();
  });

  it('begins anew with each phase, at the last that was heard of the one before', () => {
    const loading = [at(0, 0), at(2, 200)].reduce<Sample[]>(takeSample, []);

    const merging = takeSample(loading, { ...at(4, 200), phase: 'merging', done: 8 });

    expect(speedOf(merging)).toEqual({ unitsPerS: 4, rowsPerS: 0 });
  });

  it('is not made of a time when it went back', () => {
    const samples = takeSample([at(0, 0), at(2, 200)], at(3, 50));

    expect(samples).toEqual([at(3, 50)]);
  });

  it('is known while rows are taken back out, although there are fewer of them', () => {
    const undoing = { phase: 'reverting' as const };
    const [begun, later] = [at(0, 900), at(2, 500)];

    const samples = [
      { ...begun, ...undoing, done: 0 },
      { ...later, ...undoing, done: 400 },
    ].reduce<Sample[]>(takeSample, []);

    expect(speedOf(samples)?.unitsPerS).toBe(200);
  });

  it('holds few samples although many reports come in a second', () => {
    const many = Array.from({ length: 240 }, (_, step) => at(step / 4, step));

    const samples = many.reduce<Sample[]>(takeSample, []);

    expect(samples.length).toBeLessThan(20);
    expect(speedOf(samples)?.rowsPerS).toBeCloseTo(4);
  });
});

function at(second: number, rows: number): Sample {
  return { at: second * 1000, phase: 'loading', done: rows * 100, rows };
}

/** One sample a second, with so many rows more in each. */
function steps(from: number, to: number, rowsPerS: number, before = 0): Sample[] {
  return Array.from({ length: to - from + 1 }, (_, n) => at(from + n, before + (n + 1) * rowsPerS));
}
