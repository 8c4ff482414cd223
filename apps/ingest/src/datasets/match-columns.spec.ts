import { matchColumns } from './match-columns.js';

describe(matchColumns.name, () => {
  it('takes the columns in any order, and lets nullable ones be missing', () => {
    expect(matchColumns(dataset, [aColumn('name'), aColumn('id')])).toEqual([]);
  });

  it('tells of columns that the dataset does not have, and of a likely name', () => {
    expect(matchColumns(dataset, [aColumn('id'), aColumn('Name'), aColumn('colour')])).toEqual([
      {
        code: 'unknown_column',
        column: 'Name',
        message: 'The dataset has no column “Name”. Did you mean “name”?',
      },
      { code: 'unknown_column', column: 'colour', message: 'The dataset has no column “colour”.' },
    ]);
  });

  it('tells of columns that must not be missing', () => {
    expect(matchColumns(dataset, [aColumn('name')])).toEqual([
      {
        code: 'missing_column',
        column: 'id',
        message: 'The file has no column “id”, which must not be empty.',
      },
    ]);
  });

  it('takes no value for a column that the database fills, and misses none', () => {
    const generating = [
      ...dataset,
      { name: 'key', type: 'uuid', nullable: false, generated: 'uuid' },
    ] as const;

    expect(matchColumns(generating, [aColumn('id')])).toEqual([]);
    expect(matchColumns(generating, [aColumn('id'), aColumn('key')])).toEqual([
      {
        code: 'generated_column',
        column: 'key',
        message:
          'The column “key” is filled by the database. Leave it out of the file, or ignore it in the mapping.',
      },
    ]);
  });
});

const dataset = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
  { name: 'note', type: 'text', nullable: true },
] as const;
const aColumn = (name: string) => ({ name, original: name });
