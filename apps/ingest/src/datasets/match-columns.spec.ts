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
});

const dataset = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
  { name: 'note', type: 'text', nullable: true },
] as const;
const aColumn = (name: string) => ({ name, original: name });
