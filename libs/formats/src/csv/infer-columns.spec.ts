import { inferColumns } from './infer-columns.js';

describe(inferColumns.name, () => {
  it.each<[type: string, values: (string | null)[]]>([
    ['bigint', ['1', '-20', null, '9223372036854775807']],
    ['bigint', [' 1', '2 ']],
    ['bigint', ['1', '', null]],
    ['boolean', ['', 'true']],
    ['numeric', ['1', '9223372036854775808']],
    ['numeric', ['1.50', '-.5', '3']],
    ['double', ['1', '2.5', '1e-7']],
    ['double', ['1.5', 'NaN', '-Infinity']],
    ['boolean', ['true', 'FALSE']],
    ['boolean', ['true', null]],
    ['boolean', ['t', 'f']],
    ['boolean', ['yes', 'No']],
    ['date', ['2024-02-29', '1999-12-31']],
    ['timestamptz', ['2024-02-29T10:00:00Z', '2024-02-29 10:00', '2024-02-29']],
    ['uuid', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
    ['text', ['00123', '01067']],
    ['text', ['+49', '+50']],
    ['text', ['a', '']],
    ['text', ['', '']],
    ['text', ['1', 'n/a']],
    ['text', ['NO', 'NO']],
    ['text', ['F', 'F']],
    ['text', ['t', 'no']],
    ['text', ['true', 'f']],
    ['text', ['01/02/2024']],
    ['text', ['2024-02-30']],
    ['text', ['2024-01-01', '1']],
    ['text', ['NaN', 'NaN']],
    ['text', ['constructor', '__proto__']],
    ['text', ['1,5']],
    ['text', ['1_000']],
    ['text', ['0x1F']],
    ['text', [null, null]],
  ])('proposes %s for %j', (type, values) => {
    const samples = values.map((value) => [value]);

    expect(inferColumns(['a'], samples)).toEqual([{ name: 'a', type, nullable: true }]);
  });

  it('looks at columns one by one, and not at ragged records', () => {
    const samples = [['1', 'a'], ['x'], ['2', null]];

    expect(inferColumns(['id', 'name'], samples)).toEqual([
      { name: 'id', type: 'bigint', nullable: true },
      { name: 'name', type: 'text', nullable: true },
    ]);
  });
});
