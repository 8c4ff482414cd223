import type { Chunk } from './chunk.js';
import { type CsvDialect, type ScanPosition, startOf } from './dialect.js';
import { type CsvRecord, parseRecords } from './parse-records.js';
import { RecordScanner, type ScannerOptions } from './record-scanner.js';

describe(RecordScanner.name, () => {
  it('cuts at record ends, once a chunk has reached its size', () => {
    const chunks = scan('1,a\n2,b\n3,c\n4,d\n', { chunkBytes: 5 });

    expect(chunks).toEqual([
      { number: 0, from: 0, to: 8, firstRow: 1, firstLine: 1, rows: 2, lines: 2, strict: true },
      { number: 1, from: 8, to: 16, firstRow: 3, firstLine: 3, rows: 2, lines: 2, strict: true },
    ]);
  });

  it('keeps a record with line breaks in quotes whole, and counts its lines', () => {
    const chunks = scan('1,"a\nb\n""c"""\n2,d\n', { chunkBytes: 1 });

    expect(chunks).toMatchObject([
      { to: 14, firstRow: 1, firstLine: 1, rows: 1, lines: 3, strict: true },
      { from: 14, firstRow: 2, firstLine: 4, rows: 1, lines: 1, strict: true },
    ]);
  });

  it('counts blank lines as lines, not as rows', () => {
    expect(scan('1\n\n2\n')).toMatchObject([{ rows: 2, lines: 3, strict: false }]);
    expect(scan('1\r\n\r\n2\r\n', {}, CRLF)).toMatchObject([{ rows: 2, lines: 3, strict: false }]);
    expect(scan('\n\n')).toMatchObject([{ rows: 0, lines: 2, strict: false }]);
  });

  it.each([
    ['a quote inside a field', 'a"b,c\nd,e\n'],
    ['a quote behind the blank of a field', 'a, "b"\nd,e\n'],
    ['a text behind a closing quote', '"a"b",c\nd,e\n'],
    [String.raw`\. where a record begins`, 'a,b\n\\.\nd,e\n'],
    ['a single record without line break', 'a\rb,c'],
  ])('says that PostgreSQL may read otherwise: %s', (_, text) => {
    expect(scan(text)).toMatchObject([{ strict: false }]);
  });

  it.each([
    ['quotes and delimiters in quotes', '"a""",",b"\n"","c"\n'],
    ['a CR in quotes', '"a\rb",c\r\nd,e\r\n'],
    ['no line break behind the last record', 'a,b\nc,d'],
    ['a backslash where a record begins', '\\\\server,a\nb,c\n'],
  ])('says that PostgreSQL reads the same: %s', (_, text) => {
    expect(scan(text)).toMatchObject([{ strict: true }]);
  });

  it('has no chunks for an empty file', () => {
    expect(scan('')).toEqual([]);
  });

  it('reads line by line from a quote that is never closed to the end', () => {
    const chunks = scan('1,a\n2,"b\n3,c\n4,d\n');

    expect(chunks).toMatchObject([
      { to: 4, rows: 1, strict: true },
      { from: 4, to: 17, firstRow: 2, firstLine: 2, rows: 3, lines: 3, strict: false },
    ]);
  });

  it('goes on behind a quoted record that passes the limit', () => {
    const text = `1,a\n2,"b\n${'3,ccccc\n'.repeat(10)}4,"d"\n`;

    const chunks = scan(text, { recordLimit: 40 });

    expect(chunks).toMatchObject([
      { from: 0, to: 4, rows: 1, strict: true },
      { from: 4, to: 41, firstRow: 2, firstLine: 2, rows: 5, lines: 5, strict: false },
      { from: 41, firstRow: 7, firstLine: 7, rows: 7, lines: 7, strict: true },
    ]);
  });

  it('gives up on a line that is longer than a record may be', () => {
    expect(() => scan(`1\n${'x'.repeat(50)}\n`, { recordLimit: 40 })).toThrow(
      expect.objectContaining({
        code: 'record_too_long',
        details: { row: 2, line: 2, offset: 2, recordLimit: 40 },
      }),
    );
  });

  it('finds the same as reading in one piece, whatever the dialect, the buffers, the chunks and the pauses', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = randomFrom(seed);
      const dialect = random.pick(DIALECTS);
      const { text, table } = aTable(random, dialect);
      const file = Buffer.from((dialect.bom ? '\uFEFF' : '') + text);
      const whole = [...parseRecords(file.subarray(startOf(dialect).offset), dialect)];
      const chunks = scanWithPauses(file, dialect, random);

      const context = JSON.stringify({ seed, dialect, text });
      expectWholeFile(chunks, file, dialect, context);
      expect({ context, rows: whole.map(({ fields }) => fields) }).toEqual({
        context,
        rows: table,
      });
      expect({ context, records: recordsOf(chunks, file, dialect) }).toEqual({
        context,
        records: plain(whole),
      });
      expect({
        context,
        isStrict: chunks.every(({ rows, strict }) => strict || rows === 1),
      }).toEqual({
        context,
        isStrict: true,
      });
    }
  });

  it('finds the same in garbage, whatever the buffers', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const random = randomFrom(seed);
      const dialect = { ...random.pick(DIALECTS), bom: false };
      const letters = [
        '"',
        '"',
        dialect.delimiter,
        '\n',
        '\r',
        '\r\n',
        'a',
        '\\.',
        'é',
        '""',
        '\0',
      ];
      const file = Buffer.from(random.list(40, () => random.pick(letters)).join(''));
      const limit = { recordLimit: 12, chunkBytes: random.upTo(20) };

      const outcome = (cut: Buffer[]) => outcomeOf(() => scanBuffers(cut, dialect, limit));
      const atOnce = outcome([file]);
      const piecemeal = outcome(random.cut(file));

      const context = JSON.stringify({ seed, dialect, file: file.toString(), ...limit });
      expect({ context, outcome: piecemeal }).toEqual({ context, outcome: atOnce });
      if (!Array.isArray(atOnce)) continue;
      expectWholeFile(atOnce, file, dialect, context);
      const counts = atOnce.map((chunk) => [...recordsOf([chunk], file, dialect)].length);
      expect({ context, counts }).toEqual({ context, counts: atOnce.map(({ rows }) => rows) });
    }
  });
});

const LF: CsvDialect = { delimiter: ',', quote: '"', newline: 'lf', hasHeader: true, bom: false };
const CRLF: CsvDialect = { ...LF, newline: 'crlf' };
const DIALECTS: CsvDialect[] = [',', ';', '\t', '|'].flatMap((delimiter) =>
  (['lf', 'crlf', 'cr'] as const).flatMap((newline) => [
    { ...LF, delimiter, newline },
    { ...LF, delimiter, newline, bom: true },
  ]),
);
const NEWLINES = { lf: '\n', crlf: '\r\n', cr: '\r' };

function scan(text: string, options: ScannerOptions = {}, dialect = LF): Chunk[] {
  return scanBuffers([Buffer.from(text)], dialect, options);
}

function scanBuffers(buffers: Buffer[], dialect: CsvDialect, options: ScannerOptions): Chunk[] {
  const scanner = new RecordScanner(dialect, options);
  return [...buffers.flatMap((buffer) => scanner.push(buffer)), ...scanner.end()];
}

/** Stops after some chunks and goes on with another scanner from its position, as the split of a long file does. */
function scanWithPauses(file: Buffer, dialect: CsvDialect, random: Random): Chunk[] {
  const chunkBytes = 1 + random.upTo(60);
  const chunks: Chunk[] = [];
  let position: ScanPosition = startOf(dialect);
  for (let isOver = false; !isOver;) {
    const scanner = new RecordScanner(dialect, { position, chunkBytes });
    const enough = 1 + random.upTo(4);
    let found = 0;
    isOver = true;
    for (const bytes of random.cut(file.subarray(position.offset))) {
      const some = scanner.push(bytes);
      chunks.push(...some);
      found += some.length;
      if (found >= enough) {
        isOver = false;
        break;
      }
    }
    if (isOver) chunks.push(...scanner.end());
    position = scanner.position;
  }
  return chunks;
}

function expectWholeFile(
  chunks: Chunk[],
  file: Buffer,
  dialect: CsvDialect,
  context: string,
): void {
  let { offset, row, line } = startOf(dialect);
  let number = 0;
  for (const chunk of chunks) {
    const expected = { number, from: offset, firstRow: row, firstLine: line };
    expect({ context, chunk }).toMatchObject({ context, chunk: expected });
    number++;
    offset = chunk.to;
    row += chunk.rows;
    line += chunk.lines;
  }
  expect({ context, end: offset }).toEqual({ context, end: file.length });
}

function recordsOf(chunks: Chunk[], file: Buffer, dialect: CsvDialect): object[] {
  return chunks.flatMap(({ from, to, firstRow, firstLine }) => {
    const at = { offset: from, row: firstRow, line: firstLine };
    return plain([...parseRecords(file.subarray(from, to), dialect, at)]);
  });
}

function plain(records: CsvRecord[]): object[] {
  return records.map(({ raw, ...record }) => ({ ...record, raw: raw.toString('latin1') }));
}

function outcomeOf(scanning: () => Chunk[]): Chunk[] | string {
  try {
    return scanning();
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

/** A table of difficult texts, and how a careful writer puts it into a file. */
function aTable(random: Random, dialect: CsvDialect): { text: string; table: (string | null)[][] } {
  const width = 2 + random.upTo(4);
  const pieces = [
    '"',
    dialect.delimiter,
    '\n',
    '\r\n',
    '\r',
    'ü',
    '€',
    'abc',
    ' ',
    '1',
    '\\.',
    '😀',
  ];
  const value = () =>
    random.upTo(5) === 0 ? null : random.list(4, () => random.pick(pieces)).join('');
  const table = random.list(12, () => Array.from({ length: width }, value));
  const newline = NEWLINES[dialect.newline];
  const lines = table.map((row) => row.map((text) => write(text, random)).join(dialect.delimiter));
  const last = random.upTo(2) === 0 ? '' : newline;
  return { table, text: lines.join(newline) + (lines.length > 0 ? last : '') };
}

function write(text: string | null, random: Random): string {
  if (text === null) return '';
  const mustQuote = text === '' || /[",;\t|\n\r\\]/.test(text);
  return mustQuote || random.upTo(3) === 0 ? `"${text.replaceAll('"', '""')}"` : text;
}

type Random = ReturnType<typeof randomFrom>;

/** The same numbers for the same seed, so that a failure can be repeated. */
function randomFrom(seed: number) {
  let state = seed * 2654435761;
  /** From 0 up to, not including, the limit. */
  const upTo = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  const pick = <T>(values: readonly T[]): T => values[upTo(values.length)] as T;
  const list = <T>(limit: number, one: () => T): T[] => Array.from({ length: upTo(limit) }, one);
  const cut = (file: Buffer): Buffer[] => {
    const parts: Buffer[] = [];
    for (let from = 0; from < file.length;) {
      const size = 1 + upTo(9);
      parts.push(file.subarray(from, from + size));
      from += size;
    }
    return parts;
  };
  return { upTo, pick, list, cut };
}
