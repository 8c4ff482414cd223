import type { CsvDialect } from './dialect.js';
import { sampleRecords } from './sample-records.js';

describe(sampleRecords.name, () => {
  it('leaves out the lines that are cut', () => {
    expect(sample('12,a\n13,b\n14,"c"\n15,')).toEqual([
      ['13', 'b'],
      ['14', 'c'],
    ]);
  });

  it('leaves out records of another width', () => {
    expect(sample('\n1,a\n2\n3,c\n')).toEqual([
      ['1', 'a'],
      ['3', 'c'],
    ]);
  });

  it('tells nothing when the slice begins inside quotes', () => {
    expect(sample('text\nmore text\nand more"\n1,"long\ntext')).toEqual([]);
  });

  it('tells nothing of less than two line breaks', () => {
    expect(sample('1,a')).toEqual([]);
    expect(sample('1,a\n2,b')).toEqual([]);
  });
});

const COMMA: CsvDialect = {
  delimiter: ',',
  quote: '"',
  newline: 'lf',
  hasHeader: true,
  bom: false,
};
const sample = (text: string) => sampleRecords(Buffer.from(text), COMMA, 2);
