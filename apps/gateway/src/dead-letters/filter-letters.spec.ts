import { isEmptyFilter, letterConditions, selectionConditions } from './filter-letters.js';

describe(letterConditions, () => {
  it('numbers its parameters from where it is told', () => {
    expect(letterConditions({ state: 'open', queue: 'a', replays_min: 2 }, 3)).toEqual({
      sql: 'letter.state = $3 and letter.queue = $4 and letter.replays >= $5::bigint',
      parameters: ['open', 'a', 2],
    });
  });

  it('leaves all of them when nothing is asked for', () => {
    expect(letterConditions({})).toEqual({ sql: 'true', parameters: [] });
  });

  it('looks for a text as it stands, in lower case', () => {
    expect(letterConditions({ text: String.raw`100%_A\b` }).parameters).toEqual([
      String.raw`%100\%\_a\\b%`,
    ]);
  });

  it('gives times as times', () => {
    const { parameters } = letterConditions({ failed_after: '2026-01-01T00:00:00.5+01:00' });

    expect(parameters).toEqual([new Date('2025-12-31T23:00:00.500Z')]);
  });
});

describe(isEmptyFilter, () => {
  it('is about what would match everything', () => {
    expect(isEmptyFilter({})).toBe(true);
    expect(isEmptyFilter({ replays_min: 0 })).toBe(false);
    expect(isEmptyFilter({ state: 'open' })).toBe(false);
  });
});

describe(selectionConditions, () => {
  it.each([{}, { filter: {} }])('refuses %j', (selection) => {
    expect(() => selectionConditions(selection)).toThrow(
      expect.objectContaining({ code: 'empty_filter', help: expect.stringContaining('filter') }),
    );
  });

  it('takes ids, a filter, or both, where both have to hold', () => {
    const byIds = 'letter.id = any($1::uuid[])';

    expect(selectionConditions({ ids: ['a'] })).toEqual({
      sql: `true and ${byIds}`,
      parameters: [['a']],
    });
    expect(selectionConditions({ filter: { queue: 'q' }, ids: ['a'] }, 2)).toEqual({
      sql: 'letter.queue = $2 and letter.id = any($3::uuid[])',
      parameters: ['q', ['a']],
    });
  });
});
