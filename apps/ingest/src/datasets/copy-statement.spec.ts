import { copyStatement } from './copy-statement.js';

describe(copyStatement.name, () => {
  it('names the columns in the order of the file', () => {
    expect(copyStatement('"datasets"."people"', [aText('b'), aText('a')], { delimiter: ';' })).toBe(
      `copy "datasets"."people" ("b", "a") from stdin with (format csv, delimiter ';', ` +
        `quote '"', escape '"', null '', encoding 'UTF8')`,
    );
  });

  it('makes an empty text null, quoted or not, in every column that is not of texts', () => {
    const columns: Columns = [
      aText('name'),
      { name: 'age', type: 'bigint' },
      { name: 'born', type: 'date' },
    ];

    expect(copyStatement('"datasets"."people"', columns, { delimiter: ',' })).toContain(
      `, force_null ("age", "born"))`,
    );
  });

  it.each(['"', '\n', '', ';;', 'ä'])('refuses the delimiter %j', (delimiter) => {
    expect(() => copyStatement('"datasets"."people"', [aText('a')], { delimiter })).toThrow(
      RangeError,
    );
  });
});

type Columns = Parameters<typeof copyStatement>[1];
const aText = (name: string): Columns[number] => ({ name, type: 'text' });
