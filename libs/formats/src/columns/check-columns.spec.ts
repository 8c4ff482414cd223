import type { DatasetColumn } from '@offload/contracts';
import { checkColumns } from './check-columns.js';

describe(checkColumns.name, () => {
  it('finds nothing in columns that use every rule as it is meant', () => {
    const columns = [
      aColumn({ name: 'code', pattern: '^[A-Z]+$', length: { min: 1, max: 5 }, enum: ['A', ''] }),
      aColumn({ name: 'age', type: 'bigint', range: { min: 0, max: '9223372036854775807' } }),
      aColumn({ name: 'born', type: 'date', range: { min: '1900-01-01' }, enum: ['2000-01-01'] }),
      aColumn({ name: 'at', type: 'timestamptz', generated: 'now' }),
      aColumn({ name: 'key', type: 'uuid', generated: 'uuid' }),
    ];

    expect(checkColumns({ columns, keys: [['code', 'age'], ['code'], ['key']] })).toEqual([]);
  });

  it.each<[Partial<DatasetColumn>, string, string]>([
    [{ name: '_mine' }, 'reserved_name', 'names that begin with _ are the system’s own.'],
    [{ name: 'xmin' }, 'reserved_name', 'PostgreSQL keeps this name for itself.'],
    [{ name: 'a\nb' }, 'invalid_name', 'characters that cannot be seen'],
    [{ name: ' a' }, 'invalid_name', 'white space at an end'],
    [{ type: 'bigint', pattern: '1' }, 'rule_does_not_fit', 'pattern is for text.'],
    [{ range: { min: 1 } }, 'rule_does_not_fit', 'bigint, numeric, double, date and timestamptz.'],
    [{ type: 'json', enum: ['{}'] }, 'rule_does_not_fit', 'a rule of the kind enum is for'],
    [{ generated: 'uuid' }, 'rule_does_not_fit', 'generated as uuid is of type uuid.'],
    [
      { type: 'uuid', generated: 'uuid', enum: ['a'] },
      'rule_does_not_fit',
      'filled by the database',
    ],
    [{ type: 'bigint', range: { min: 1.5 } }, 'invalid_bound', 'Write whole numbers like 1500.'],
    [{ type: 'bigint', range: { max: 2 ** 60 } }, 'invalid_bound', 'lose digits'],
    [{ type: 'date', range: { max: 2026 } }, 'invalid_bound', '2026 is a number'],
    [{ type: 'date', range: { max: '2026-02-30' } }, 'invalid_bound', 'does not exist'],
    [{ type: 'date', range: { max: '01/02/2026' } }, 'invalid_bound', 'in several ways'],
    [{ type: 'numeric', range: { min: '2', max: '1.9' } }, 'invalid_bound', '2 is more than 1.9.'],
    [{ type: 'bigint', range: {} }, 'invalid_bound', 'has no bound'],
    [{ length: {} }, 'invalid_bound', 'has no bound'],
    [{ length: { min: 3, max: 2 } }, 'invalid_bound', 'at least 3 and at most 2'],
    [{ type: 'bigint', enum: ['1', 'two'] }, 'invalid_enum', '“two” is not a whole number.'],
    [{ pattern: 'a\0' }, 'invalid_pattern', 'characters that no text can have'],
  ])('refuses %j', (column, code, message) => {
    const problems = checkColumns({ columns: [aColumn(column)], keys: [] });

    expect(problems).toEqual([
      { code, path: expect.any(Array), message: expect.stringContaining(message) },
    ]);
  });

  it('tells all problems at once, with their places', () => {
    const columns = [
      aColumn({ name: 'a' }),
      aColumn({ name: 'a', type: 'json' }),
      aColumn({ name: 'b', length: { min: 2, max: 1 }, enum: ['\0'] }),
    ];

    const problems = checkColumns({ columns, keys: [['b', 'b'], ['c'], ['c']] });

    expect(problems.map(({ code, path }) => [code, ...path].join(' '))).toEqual([
      'repeated_name columns 1 name',
      'invalid_bound columns 2 length',
      'invalid_enum columns 2 enum 0',
      'repeated_key keys 0 1',
      'unknown_column keys 1 0',
      'unknown_column keys 2 0',
      'repeated_key keys 2',
    ]);
  });

  it('knows what the dataset has already', () => {
    const known = { columns: [aColumn({ name: 'a' }), aColumn({ name: 'b' })], keys: [['a', 'b']] };

    const problems = checkColumns(
      { columns: [aColumn({ name: 'a' })], keys: [['b', 'a'], ['b']] },
      known,
    );

    expect(problems.map(({ message }) => message)).toEqual([
      'The dataset has a column “a” already.',
      'The key of “b” and “a” is there already.',
    ]);
  });

  it('counts the columns that are there', () => {
    const columns = Array.from({ length: 1000 }, (_, index) => aColumn({ name: `c${index}` }));
    const more = columns.map(({ name }) => aColumn({ name: `${name}_more` }));

    const problems = checkColumns({ columns: more, keys: [] }, { columns, keys: [] });

    expect(problems).toMatchObject([{ code: 'too_many_columns' }]);
  });
});

function aColumn(column: Partial<DatasetColumn>): DatasetColumn {
  return { name: 'a', type: 'text', nullable: true, ...column };
}
