import { takeOutcome } from './take-outcome.js';

const aReplay = () => ({
  published: 5,
  expired: 1,
  succeeded: 0,
  failedAgain: 0,
  batch: 3,
  batchKnown: 0,
  firstBatch: 2,
  recent: 's',
});

describe(takeOutcome, () => {
  it('moves the message from where it was to where it is', () => {
    const replay = aReplay();

    takeOutcome(replay, { batch: 3, was: 'published', state: 'succeeded' });
    takeOutcome(replay, { batch: 2, was: 'published', state: 'failed_again' });
    takeOutcome(replay, { batch: 2, was: 'published', state: 'expired' });

    expect(replay).toEqual({
      ...aReplay(),
      published: 2,
      succeeded: 1,
      failedAgain: 1,
      expired: 2,
      batchKnown: 1,
      recent: 'ssff',
    });
  });

  it('does not hold failures of before a resumption against what goes out after it', () => {
    const replay = aReplay();

    takeOutcome(replay, { batch: 1, was: 'published', state: 'failed_again' });

    expect(replay).toMatchObject({ failedAgain: 1, recent: 's', batchKnown: 0 });
  });

  it('takes a late outcome for what it is, and for nothing new', () => {
    const replay = aReplay();

    takeOutcome(replay, { batch: 3, was: 'expired', state: 'succeeded' });

    expect(replay).toMatchObject({ expired: 0, succeeded: 1, published: 5, recent: 's' });
  });

  it('remembers as many as the largest window has', () => {
    const replay = { ...aReplay(), recent: 's'.repeat(1000) };

    takeOutcome(replay, { batch: 3, was: 'published', state: 'failed_again' });

    expect(replay.recent).toBe(`${'s'.repeat(999)}f`);
  });
});
