import { FailedSteps, mostFailedSteps } from './failed-steps.js';

const broken = Object.assign(new Error('duplicate key'), { code: '23505' });

describe(FailedSteps, () => {
  it('counts those of a replay in a row, and begins again after one that went well', () => {
    const failed = new FailedSteps();

    const counted = [failed.add('a', broken), failed.add('b', broken), failed.add('a', broken)];
    failed.forget('a');

    expect(counted).toEqual([1, 1, 2]);
    expect(failed.add('a', broken)).toBe(1);
  });

  it.each([
    ['57P01', 'terminating connection'],
    ['08006', 'connection failure'],
    ['53100', 'disk full'],
    ['40P01', 'deadlock detected'],
    ['ECONNRESET', 'read ECONNRESET'],
    ['', 'Connection terminated unexpectedly'],
    ['', 'Query read timeout'],
  ])('does not count what the database cannot help (%s %s)', (code, message) => {
    const failed = new FailedSteps();

    expect(failed.add('a', Object.assign(new Error(message), { code }))).toBe(0);
    expect(failed.mayTry('a')).toBe(true);
  });

  it('lets one that cannot be paused rest, longer each time and a minute at most', () => {
    let now = 0;
    const failed = new FailedSteps(() => now);
    const rests: number[] = [];
    for (let turn = 1; turn <= mostFailedSteps + 8; turn += 1) {
      failed.add('a', broken);
      const begun = now;
      while (!failed.mayTry('a')) now += 500;
      rests.push(now - begun);
    }

    expect(rests.slice(mostFailedSteps - 2)).toEqual([
      0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });
});
