import type { CsvDialect } from './dialect.js';
import { parseRecords } from './parse-records.js';

describe(parseRecords.name, () => {
  it('tells where each record stands in the file', () => {
    const slice = Buffer.from('1,"a\nb"\r\n\r\n2,c');

    const records = [...parseRecords(slice, COMMA, { offset: 100, row: 7, line: 20 })];

    expect(records).toMatchObject([
      { row: 7, line: 20, lines: 2, offset: 100, end: 109, fields: ['1', 'a\nb'] },
      { row: 8, line: 23, lines: 1, offset: 111, end: 114, fields: ['2', 'c'] },
    ]);
    expect(records.map(({ raw }) => raw.toString())).toEqual(['1,"a\nb"', '2,c']);
  });

  it('keeps null and the empty text apart', () => {
    expect(fieldsOf(',"",a,\n""\n,\n')).toEqual([[null, '', 'a', null], [''], [null, null]]);
  });

  it('keeps blanks', () => {
    expect(fieldsOf(' a , \n')).toEqual([[' a ', ' ']]);
  });

  it('takes quotes that do not open or close a field for text', () => {
    expect(fieldsOf('a"b,c""d, "e"\n"f"g",""""\n')).toEqual([
      ['a"b', 'c""d', ' "e"'],
      ['f"g', '"'],
    ]);
  });

  it('takes a CR that ends the file for half a line break', () => {
    expect(fieldsOf('a,"b"\r')).toEqual([['a', 'b']]);
    expect(fieldsOf('a,b\r\nc,\r')).toEqual([
      ['a', 'b'],
      ['c', null],
    ]);
  });

  it('reads other scripts beside plain text', () => {
    expect(fieldsOf('ü,"€ ""😀""",a\nb,c,ß\n')).toEqual([
      ['ü', '€ "😀"', 'a'],
      ['b', 'c', 'ß'],
    ]);
  });

  it('spoils one record for a quote that is never closed, and reads the rest line by line', () => {
    const records = [...parseRecords(Buffer.from('a,"b\r\nc,"d"\r\n\r\n"e,f\r\ng,h'), COMMA)];

    expect(records).toMatchObject([
      { row: 1, line: 1, fields: ['a', 'b\r\nc,"d'], problems: [{ code: 'ambiguous_quote' }] },
      { row: 2, line: 4, fields: ['e,f'], problems: [{ code: 'unclosed_quote', field: 0 }] },
      { row: 3, line: 5, fields: ['g', 'h'], problems: [] },
    ]);
  });

  it('tells which field is not valid text', () => {
    const slice = Buffer.concat([
      Buffer.from('a,ü,'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('b\0,c\n'),
    ]);

    expect([...parseRecords(slice, COMMA)]).toMatchObject([
      { problems: [{ code: 'invalid_utf8', field: 2 }] },
      { problems: [{ code: 'nul_byte', field: 0 }] },
    ]);
  });

  it('stays quick when every line opens a quote that is never closed', () => {
    const line = '"abc;def\n';

    const rows = [...parseRecords(Buffer.from(line.repeat(50_000)), COMMA)];

    expect(rows).toHaveLength(50_000);
    expect(rows.every(({ problems }) => problems[0]?.code === 'unclosed_quote')).toBe(true);
  });
});

const COMMA: CsvDialect = {
  delimiter: ',',
  quote: '"',
  newline: 'lf',
  hasHeader: true,
  bom: false,
};

function fieldsOf(text: string): (string | null)[][] {
  return Array.from(parseRecords(Buffer.from(text), COMMA), ({ fields }) => fields);
}
