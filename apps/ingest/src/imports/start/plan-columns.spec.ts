import type { DatasetColumn, Mapping } from '@offload/contracts';
import { type FileColumn, planColumns } from './plan-columns.js';

const dataset: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true, length: { max: 5 } },
  { name: 'price', type: 'numeric', nullable: true },
  { name: 'stored_at', type: 'timestamptz', nullable: false, generated: 'now' },
];

describe(planColumns.name, () => {
  it('matches by name in the order of the file, and leaves out the columns of our own lists', () => {
    const planned = plan(['price', '_id', 'id', '_row', '_error_code', '_error']);

    expect(planned).toEqual(['price from 0', 'id from 2']);
  });

  it('goes where a mapping says, takes the rest by name, and puts constants last', () => {
    const planned = plan([' Preis ', 'id', 'Bezeichnung'], {
      columns: [
        { to: 'price', constant: '1.5' },
        { to: 'name', from: 'Bezeichnung', transforms: ['trim'], nulls: ['-'] },
      ],
      others: 'match',
    });

    expect(planned).toEqual(['The dataset has no column “Preis”.']);
  });

  it('ignores the rest when it is told to', () => {
    const planned = plan(['Preis', 'Nr', 'Bezeichnung'], {
      columns: [
        { to: 'price', constant: '1.5' },
        { to: 'name', from: 'Bezeichnung' },
        { to: 'id', from: 'Nr' },
      ],
      others: 'ignore',
    });

    expect(planned).toEqual(['id from 1', 'name from 2', 'price is 1.5']);
  });

  it('fills two columns from one of the file', () => {
    const columns = [
      { to: 'name', from: 'id' },
      { to: 'id', from: 'id' },
    ];

    expect(plan(['id'], { columns, others: 'match' })).toEqual(['name from 0', 'id from 0']);
  });

  it.each<[string[], Mapping['columns'], string]>([
    [['id', 'colour'], [], 'The dataset has no column “colour”.'],
    [['name'], [], 'The file has no column “id”, which must not be empty.'],
    [['id', 'stored_at'], [], 'The column “stored_at” is filled by the database.'],
    [['id'], [{ to: 'name', from: 'x' }], 'The file has no column “x”. It has “id”.'],
    [['id'], [{ to: 'nam', from: 'id' }], 'The dataset has no column “nam”.'],
    [['id', 'name'], [{ to: 'name', constant: 'a' }], 'The column “name” is filled twice.'],
    [['id'], [{ to: 'price', constant: 'free' }], 'The constant for “price” does not fit.'],
    [['id'], [{ to: 'name', constant: 'too long' }], 'The constant for “name” does not fit.'],
    [['name'], [{ to: 'id', constant: null }], '“id” must not be empty.'],
  ])('tells why %j with %j does not fit', (file, columns, message) => {
    expect(plan(file, { columns, others: 'match' })[0]).toContain(message);
  });

  it('makes the columns of a dataset that is not there of what the file has and the mapping names', () => {
    const found = planColumns({
      file: [aColumn('Nr', 'bigint'), aColumn('x', 'numeric'), aColumn('y', 'text')],
      dataset: undefined,
      mapping: {
        columns: [
          { to: 'id', from: 'Nr' },
          { to: 'source', constant: '2026-01-31' },
        ],
        others: 'match',
      },
      values: {},
    });

    expect(found.problems ? [] : found.dataset.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id bigint',
      'x numeric',
      'y text',
      'source date',
    ]);
  });

  it('believes words that mean nothing only where the type follows from the file as well', () => {
    const values = { decimal: ',' as const, nulls: ['-'] };
    const price = { ...aColumn('price', 'numeric'), values, notation: { decimal: ',' as const } };
    const file: FileColumn[] = [price, aColumn('id', 'bigint')];

    const given = planColumns({ file, dataset, mapping: undefined, values: {} });
    const inferred = planColumns({ file, dataset: undefined, mapping: undefined, values: {} });

    expect(given).toMatchObject({ columns: [{ values: { decimal: ',' } }, { values: {} }] });
    expect(given.problems ? [] : given.columns[0]?.values).not.toHaveProperty('nulls');
    expect(inferred).toMatchObject({ columns: [{ values }, { values: {} }] });
  });
});

function plan(file: string[], mapping?: Mapping): string[] {
  const found = planColumns({
    file: file.map((name) => aColumn(name)),
    dataset,
    mapping,
    values: {},
  });
  if (found.problems) return found.problems.map(({ message }) => message);
  return found.columns.map(({ column, from, constant }) =>
    from === null ? `${column.name} is ${constant}` : `${column.name} from ${from}`,
  );
}

function aColumn(original: string, type: FileColumn['type'] = 'text'): FileColumn {
  return { name: original.trim(), original, type, values: {}, notation: {} };
}
