import { judgeLimit } from './judge-limit.js';

describe(judgeLimit.name, () => {
  it('lets an import go on whatever is rejected, unless it was asked to stop', () => {
    expect(judgeLimit({ onError: 'quarantine' }, { rejected: 7, rows: 7 })).toBeUndefined();
  });

  it('stops one that was asked to abort at the first rejected row', () => {
    expect(judgeLimit({ onError: 'abort' }, { rejected: 0, rows: 7 })).toBeUndefined();
    expect(judgeLimit({ onError: 'abort' }, { rejected: 1 })).toMatchObject({
      code: 'row_rejected',
    });
  });

  it.each([
    [{ rows: 2 }, { rejected: 2 }, undefined],
    [{ rows: 2 }, { rejected: 3 }, '3 rows were rejected, and the limit is 2.'],
    [{ rows: 0 }, { rejected: 1 }, '1 row was rejected, and the limit is 0.'],
    [{ percent: 10 }, { rejected: 100, rows: 1000 }, undefined],
    [{ percent: 10 }, { rejected: 101, rows: 1000 }, 'the limit is 10 % of 1,000.'],
    [{ percent: 0 }, { rejected: 1, rows: 1000 }, 'the limit is 0 % of 1,000.'],
    [{ rows: 5, percent: 1 }, { rejected: 5, rows: 100 }, 'the limit is 1 % of 100.'],
  ])('judges %j of %j', (rejectLimit, judged, message) => {
    const broken = judgeLimit({ onError: 'quarantine', rejectLimit }, judged);

    expect(broken?.message ?? '').toContain(message ?? '');
    expect(broken === undefined).toBe(message === undefined);
  });

  it('judges a part of the whole only when the whole is known', () => {
    const rejectLimit = { percent: 1 };

    expect(judgeLimit({ onError: 'quarantine', rejectLimit }, { rejected: 9 })).toBeUndefined();
  });
});
