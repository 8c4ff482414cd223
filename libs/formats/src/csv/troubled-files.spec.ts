import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectStyle } from '../inspect/detect-style.js';
import { BYTE_ORDER_MARK, type CsvDialect } from './dialect.js';
import { type CsvRecord, parseRecords } from './parse-records.js';
import { readHeader } from './read-header.js';
import { RecordScanner } from './record-scanner.js';

describe('the troubled files', () => {
  it.each<[name: string, expected: Partial<Reading>]>([
    [
      'bom',
      {
        columns: ['id', 'name'],
        rows: [
          ['1', 'Ada'],
          ['2', 'Grace'],
        ],
        lines: [2, 3],
      },
    ],
    [
      'quoted-newline',
      {
        rows: [
          ['1', 'first line\nsecond line'],
          ['2', 'a "quoted" word, and a comma'],
        ],
        lines: [2, 4],
      },
    ],
    [
      'ragged-rows',
      {
        rows: [
          ['1', 'Ada', 'London'],
          ['2', 'Grace'],
          ['3', 'Edsger', 'Rotterdam', 'Austin'],
          ['4', 'Barbara', 'Boston'],
        ],
        isStrict: true,
      },
    ],
    [
      'stray-quote',
      {
        rows: [
          ['1', '5" pipe'],
          ['2', ' "6" pipe'],
          ['3', '7" pipe'],
        ],
        isStrict: false,
      },
    ],
    [
      'blank-lines',
      {
        rows: [
          ['1', 'Ada'],
          ['2', 'Grace'],
        ],
        lines: [3, 6],
        isStrict: false,
      },
    ],
    [
      'crlf',
      {
        rows: [
          ['1', 'one\nline more'],
          ['2', 'two'],
        ],
        lines: [2, 4],
        isStrict: true,
      },
    ],
    [
      'cr-only',
      {
        columns: ['id', 'name'],
        rows: [
          ['1', 'Ada'],
          ['2', 'Grace'],
        ],
        lines: [2, 3],
      },
    ],
    [
      'mixed-newlines',
      {
        rows: [
          ['1', 'Ada'],
          ['2', 'Grace'],
          ['3', 'Edsger'],
        ],
        lines: [2, 3, 4],
      },
    ],
    [
      'unclosed-quote',
      {
        rows: [
          ['1', 'Ada'],
          ['2', 'Grace'],
          ['3', 'Edsger'],
          ['4', 'Barbara'],
        ],
        problems: ['2 unclosed_quote'],
        isStrict: false,
      },
    ],
    [
      'ambiguous-quote',
      {
        rows: [['1', 'Ada\n2,Grace "Amazing" Hopper\n3,"Edsger']],
        problems: ['1 ambiguous_quote'],
      },
    ],
    [
      'duplicate-columns',
      { columns: ['name', 'name_2', 'column_3', 'source_id', 'source_xmin', 'Name'] },
    ],
    [
      'nul-byte',
      {
        rows: [
          ['1', 'A\0da'],
          ['2', 'Grace'],
        ],
        problems: ['1 nul_byte'],
      },
    ],
    [
      'invalid-utf8',
      {
        rows: [
          ['1', 'M\uFFFDnchen'],
          ['2', 'Köln'],
        ],
        problems: ['1 invalid_utf8'],
      },
    ],
    [
      'leading-zeros',
      {
        rows: [
          ['01067', '+49 351 1234', '10'],
          ['80331', '+49 89 5678', '007'],
        ],
      },
    ],
    [
      'semicolon',
      {
        columns: ['id', 'price', 'city'],
        rows: [
          ['1', '1,50', 'Berlin'],
          ['2', '2,75', 'Köln'],
        ],
      },
    ],
    [
      'tab',
      {
        rows: [
          ['1', 'Ada', 'one, two'],
          ['2', 'Grace', null],
        ],
      },
    ],
    ['pipe', { columns: ['1', 'Ada', 'x;y'], rows: [['2', 'Grace', 'z']] }],
    [
      'null-and-empty',
      {
        rows: [
          ['1', null],
          ['2', ''],
          ['3', ' '],
        ],
        isStrict: true,
      },
    ],
    ['end-of-data', { rows: [['1', 'Ada'], ['\\.'], ['2', 'Grace']], isStrict: false }],
    [
      'no-last-newline',
      {
        rows: [
          ['1', 'Ada'],
          ['2', 'Grace'],
        ],
        isStrict: true,
      },
    ],
    ['header-only', { columns: ['id', 'name'], rows: [] }],
  ])('%s is read as it was meant', (name, expected) => {
    expect(readAll(aFile(name))).toMatchObject(expected);
  });

  it('an empty file has no header', () => {
    expect(() => readAll(aFile('empty'))).toThrow(expect.objectContaining({ code: 'file_empty' }));
  });

  it('a file without a header has numbered columns', () => {
    const dialect = { ...dialectIn(aFile('pipe')), hasHeader: false };

    expect(readAll(aFile('pipe'), dialect)).toMatchObject({
      columns: ['column_1', 'column_2', 'column_3'],
      rows: [
        ['1', 'Ada', 'x;y'],
        ['2', 'Grace', 'z'],
      ],
      lines: [1, 2],
    });
  });
});

interface Reading {
  columns: string[];
  rows: (string | null)[][];
  lines: number[];
  problems: string[];
  isStrict: boolean;
}

function readAll(file: Buffer, dialect: CsvDialect = dialectIn(file)): Reading {
  const { columns, data } = readHeader(file, dialect, { isWholeFile: true });
  const scanner = new RecordScanner(dialect, { position: data });
  const chunks = [...scanner.push(file.subarray(data.offset)), ...scanner.end()];
  const records = chunks.flatMap((chunk): CsvRecord[] => {
    const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
    return [...parseRecords(file.subarray(chunk.from, chunk.to), dialect, at)];
  });
  return {
    columns: columns.map(({ name }) => name),
    rows: records.map(({ fields }) => fields),
    lines: records.map(({ line }) => line),
    problems: records.flatMap(({ row, problems }) => problems.map(({ code }) => `${row} ${code}`)),
    isStrict: chunks.every(({ strict }) => strict),
  };
}

/** A header and quotes are taken for granted; the rest is found. */
function dialectIn(file: Buffer): CsvDialect {
  const bom = file.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const text = file.toString('utf8', bom ? BYTE_ORDER_MARK.length : 0);
  const { delimiter, newline } = detectStyle(text, { quote: '"', escape: null }, { isWhole: true });
  return { delimiter, quote: '"', newline, hasHeader: true, bom };
}

function aFile(name: string): Buffer {
  return readFileSync(join(__dirname, '../../../testing/files', `${name}.csv`));
}
