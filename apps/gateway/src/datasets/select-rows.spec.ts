import { quoteIdentifier, selectRows, toDatasetRow } from './select-rows.js';

describe(selectRows, () => {
  it('quotes every name that comes from a file', () => {
    const sql = selectRows('people', [
      { name: 'a"; drop table x; --', type: 'text', nullable: true },
    ]);

    expect(sql).toContain('"a""; drop table x; --"');
  });
});

describe(quoteIdentifier, () => {
  it('doubles quotes', () => {
    expect(quoteIdentifier('a"b')).toBe('"a""b"');
  });
});

describe(toDatasetRow, () => {
  it.each([
    ['bigint', '9007199254740991', 9_007_199_254_740_991],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint', '-5', -5],
    ['numeric', '12.50', '12.50'],
    ['double', 1.5, 1.5],
    ['double', Number.NaN, 'NaN'],
    ['double', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['boolean', false, false],
    ['text', '', ''],
    ['text', null, null],
  ] as const)('shows the %s %p as %p', (type, stored, shown) => {
    const row = { c0: '7', c1: 'an id', c2: stored };

    expect(toDatasetRow(row, [{ name: 'a', type, nullable: true }])).toEqual({
      _id: 7,
      _import_id: 'an id',
      a: shown,
    });
  });
});
