import { type CsvDialect, parseRecords, RecordScanner } from '@offload/formats';
import { aFile, randomFrom } from '../../../test/random-texts.js';
import { numberRecords } from './number-records.js';

const LF: CsvDialect = { delimiter: ',', quote: '"', newline: 'lf', hasHeader: false, bom: false };

describe(numberRecords.name, () => {
  it.each([
    ['1,a\n2,b\n', '9,1,a\n10,2,b\n'],
    ['1,"a\n""b"\n2,"c"', '9,1,"a\n""b"\n10,2,"c"'],
    ['"\n\n\n",""\n2,"x\n\ny"\n', '9,"\n\n\n",""\n10,2,"x\n\ny"\n'],
    ['"",""\n"\n\n",x\n', '9,"",""\n10,"\n\n",x\n'],
  ])('writes the number before each record of %j', (text, numbered) => {
    expect(numberRecords(Buffer.from(text), { first: 9, rows: 2 }, LF).toString()).toBe(numbered);
  });

  it('leaves every record of any strict chunk what it is', () => {
    let compared = 0;
    for (let seed = 1; seed < 3000; seed++) {
      const { text, dialect } = aFile(randomFrom(seed), 4);
      const file = Buffer.from(text);
      const scanner = new RecordScanner(dialect, { chunkBytes: 10 });
      for (const { from, to, rows, strict } of [...scanner.push(file), ...scanner.end()]) {
        if (!strict) continue;
        const slice = file.subarray(from, to);
        const records = [...parseRecords(slice, dialect)].map(({ fields }) => fields);

        const numbered = numberRecords(slice, { first: 98, rows }, dialect);

        expect({ seed, records: fieldsOf(numbered, dialect) }).toEqual({
          seed,
          records: records.map((fields, index) => [String(98 + index), ...fields]),
        });
        compared += records.length;
      }
    }
    expect(compared).toBeGreaterThan(1000);
  });
});

function fieldsOf(bytes: Buffer, dialect: CsvDialect): (string | null)[][] {
  return [...parseRecords(bytes, dialect)].map(({ fields }) => fields);
}
