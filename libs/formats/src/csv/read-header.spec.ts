import type { CsvDialect } from './dialect.js';
import { readHeader } from './read-header.js';

describe(readHeader.name, () => {
  it('says where the data begin', () => {
    const head = Buffer.from('\uFEFF\n"first\nname",b\n1,2\n');

    const { columns, data } = readHeader(head, { ...COMMA, bom: true }, WHOLE);

    expect(columns).toEqual([
      { name: 'first name', original: 'first\nname' },
      { name: 'b', original: 'b' },
    ]);
    expect(data).toEqual({ offset: 19, row: 1, line: 4, chunk: 0 });
  });

  it('leaves out lines above the header, whatever is in them', () => {
    const head = Buffer.from('Title "\n\nid,name\n1,Ada\n');

    expect(readHeader(head, COMMA, { ...WHOLE, skip: 2 })).toMatchObject({
      columns: [{ name: 'id' }, { name: 'name' }],
      data: { offset: 17, row: 1, line: 4 },
    });
    expect(() => readHeader(head, COMMA, { ...WHOLE, skip: 9 })).toThrow(
      expect.objectContaining({ code: 'file_empty' }),
    );
    expect(() => readHeader(head, COMMA, { isWholeFile: false, skip: 9 })).toThrow(
      expect.objectContaining({ code: 'header_unreadable' }),
    );
  });

  it('refuses a header that is longer than the bytes it was given', () => {
    expect(() => readHeader(Buffer.from('a,b,c'), COMMA, { isWholeFile: false })).toThrow(
      expect.objectContaining({ code: 'header_unreadable' }),
    );
  });

  it('refuses a header whose quote is never closed', () => {
    expect(() => readHeader(Buffer.from('a,"b\n1,2\n'), COMMA, WHOLE)).toThrow(
      'The header on line 1 cannot be read: A quote opens this value',
    );
  });

  it('refuses more columns than a table can have', () => {
    expect(() => readHeader(Buffer.from(`${'a,'.repeat(1597)}a\n`), COMMA, WHOLE)).toThrow(
      expect.objectContaining({ code: 'too_many_columns' }),
    );
  });
});

const COMMA: CsvDialect = {
  delimiter: ',',
  quote: '"',
  newline: 'lf',
  hasHeader: true,
  bom: false,
};
const WHOLE = { isWholeFile: true };
