import { columnNames } from './column-names.js';

describe(columnNames.name, () => {
  it('trims, and joins what white space divides', () => {
    expect(namesOf(['  a ', 'b\r\n c', '\u00a0d', '\uFEFFe', 'f\0g'])).toEqual([
      'a',
      'b c',
      'd',
      'e',
      'f g',
    ]);
  });

  it('names the nameless by their number', () => {
    expect(namesOf(['a', null, '', '  '])).toEqual(['a', 'column_2', 'column_3', 'column_4']);
  });

  it('numbers names that repeat, and takes no name that another column has', () => {
    expect(namesOf(['a', 'a', 'a_2', 'a'])).toEqual(['a', 'a_3', 'a_2', 'a_4']);
  });

  it('leaves our names and those of PostgreSQL to them', () => {
    expect(namesOf(['_id', '_x', 'xmin', 'ctid', 'oid', 'source_id'])).toEqual([
      'source_id',
      'source_x',
      'source_xmin',
      'source_ctid',
      'oid',
      'source_id_2',
    ]);
  });

  it('cuts at 63 bytes, between characters, and stays unique', () => {
    const long = 'ä'.repeat(40);

    expect(namesOf([long, long])).toEqual(['ä'.repeat(31), `${'ä'.repeat(30)}_2`]);
  });

  it('takes composed and decomposed letters for the same', () => {
    expect(namesOf(['e\u0301', 'é'])).toEqual(['é', 'é_2']);
  });

  it('stays quick when all names are the same', () => {
    const names = namesOf(Array<string>(1598).fill('x'.repeat(70)));

    expect(new Set(names).size).toBe(1598);
  });
});

function namesOf(originals: (string | null)[]): string[] {
  return columnNames(originals).map(({ name }) => name);
}
