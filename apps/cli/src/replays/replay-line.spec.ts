import { aReplay } from '../../test/a-replay.js';
import { isAtRest, judgeReplay } from './judge-replay.js';
import { Rate } from './rate.js';
import { replayLine } from './replay-line.js';

describe(replayLine, () => {
  it('says stage, share, outcomes and rate', () => {
    const replay = aReplay({
      stage: 'ramp',
      percent: 40,
      counts: { total: 1000, succeeded: 398, failed_again: 4, published: 10, claimed: 588 },
    });

    expect(replayLine(replay, 95.44)).toBe(
      'ramp 40 % of 1,000: 398 succeeded, 4 failed again, 10 on their way, 588 waiting · 95.4/s',
    );
  });

  it('says why it is paused, or what it waits for', () => {
    const at = '2026-11-22T12:00:00Z';
    const pause = { code: 'too_many_failures' as const, detail: '6 of 10 failed again.', at };

    expect(replayLine(aReplay({ state: 'paused', pause }), 3)).toMatch(/^paused .* · 6 of 10/);
    expect(replayLine(aReplay({ waiting: 'The queue has no consumer.' }), undefined)).toMatch(
      / · The queue has no consumer\.$/,
    );
  });
});

describe(judgeReplay, () => {
  it('is content when all have succeeded or were rightly left alone', () => {
    const replay = aReplay({ state: 'completed', counts: { total: 3, succeeded: 2, skipped: 1 } });

    expect(judgeReplay(replay)).toBe('Completed: 2 of 3 messages succeeded, 1 left alone.');
  });

  it.each([
    [1, { state: 'completed' as const, counts: { failed_again: 1 } }, '1 failed again'],
    [1, { state: 'completed' as const, counts: { expired: 2 } }, 'of 2 nothing was heard'],
    [1, { state: 'aborted' as const }, 'is open again'],
    [6, { state: 'paused' as const }, 'offload replays resume'],
  ])('ends with %i and says what to do: %j', (exitCode, given, words) => {
    expect(() => judgeReplay(aReplay(given))).toThrow(
      expect.objectContaining({ exitCode, message: expect.stringContaining(words) }),
    );
  });
});

describe(isAtRest, () => {
  it('waits for what is on its way after an abort, but not after a pause', () => {
    const at = '2026-11-22T12:00:00Z';

    expect(isAtRest(aReplay({ state: 'aborted', finished_at: null }))).toBe(false);
    expect(isAtRest(aReplay({ state: 'aborted', finished_at: at }))).toBe(true);
    expect(isAtRest(aReplay({ state: 'paused' }))).toBe(true);
    expect(isAtRest(aReplay({}))).toBe(false);
  });
});

describe(Rate, () => {
  it('is that of the last seconds, once there is one to judge by', () => {
    const rate = new Rate(5000);

    expect(rate.take(0, 0)).toBeUndefined();
    expect(rate.take(50, 500)).toBeUndefined();
    expect(rate.take(200, 2000)).toBe(100);
    expect(rate.take(200, 10_000)).toBe(0);
  });
});
