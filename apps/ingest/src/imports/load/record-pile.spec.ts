import { type CsvDialect, parseRecords } from '@offload/formats';
import { RecordPile } from './record-pile.js';

describe(RecordPile.name, () => {
  it('has the bytes of its records as they stand in the file, and nothing between them', () => {
    const pile = aPileOf('1,a\n2,"b\nb"\n3,c\n4,d\n', [1, 2, 4]);

    expect(pile.count).toBe(3);
    expect(pile.bytes().toString()).toBe('1,a\n2,"b\nb"\n4,d\n');
  });

  it('puts the number of each record in front of it, where they have numbers', () => {
    const pile = aPileOf('1,a\n2,"b\nb"\n3,c\n4,d', [1, 2, 4]);

    expect(pile.bytes(100).toString()).toBe('101,1,a\n102,2,"b\nb"\n104,4,d\n');
  });

  it.each([
    ['lf', '1\n2', '1\n2\n'],
    ['crlf', '1\r\n2', '1\r\n2\r\n'],
    ['crlf', '1\r\n2\r', '1\r\n2\r\n'],
    ['cr', '1\r2', '1\r2\r'],
    ['lf', '1\n2\n', '1\n2\n'],
  ] as const)('ends the last record of a %s file %j', (newline, text, ended) => {
    expect(aPileOf(text, [1, 2], { newline }).bytes().toString()).toBe(ended);
  });
});

/** Where the slice begins in its file. */
const offset = 1000;

function recordsOf(text: string, dialect: Partial<CsvDialect> = {}) {
  const at = { offset, row: 1, line: 7 };
  return [...parseRecords(Buffer.from(text), { ...LF, ...dialect }, at)];
}

function aPileOf(text: string, rows: number[], dialect: Partial<CsvDialect> = {}): RecordPile {
  const pile = new RecordPile(Buffer.from(text), offset, { ...LF, ...dialect });
  for (const record of recordsOf(text, dialect)) if (rows.includes(record.row)) pile.add(record);
  return pile;
}

const LF: CsvDialect = { delimiter: ',', quote: '"', newline: 'lf', hasHeader: false, bom: false };
