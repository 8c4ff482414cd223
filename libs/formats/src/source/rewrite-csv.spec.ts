import fc from 'fast-check';
import Papa from 'papaparse';
import type { CsvDialect } from '../csv/dialect.js';
import { type CsvRecord, parseRecords } from '../csv/parse-records.js';
import { RecordScanner } from '../csv/record-scanner.js';
import { aSource, collect, cut } from './file-harness.js';
import type { ResolvedSource } from './resolved-source.js';
import { rewriteCsv } from './rewrite-csv.js';

describe(rewriteCsv.name, () => {
  it.each<[string, Partial<ResolvedSource>, string, string]>([
    ['a delimiter of several bytes', { delimiter: '¦' }, 'a¦b,c¦d\n', 'a,"b,c",d\n'],
    ['a delimiter beyond the first plane', { delimiter: '😀' }, '1😀"2😀"😀\n', '1,2😀,\n'],
    ['single quotes', { quote: "'" }, `'it''s','a,"b"',''\n`, `it's,"a,""b""",""\n`],
    ['quotes of several bytes', { quote: '“' }, '“a,b“,“c““d“\n', '"a,b",c“d\n'],
    ['no quotes at all', { quote: null }, '"a",b"\n', '"""a""","b"""\n'],
    ['an escape', { escape: '\\' }, String.raw`"a\"b","c\\","d\n"` + '\n', '"a""b","c\\","d\\n"\n'],
    ['an escape beside doubled quotes', { escape: '\\' }, '"a""b"\n', '"a""b"\n'],
    [
      'an escape without quotes',
      { delimiter: '\t', quote: null, escape: '\\' },
      'a\\\tb\tc\\\nd\t\\N\n',
      'a\tb,"c\nd","\\N"\n',
    ],
    ['null and the empty text', { delimiter: '^', quote: '~' }, '^~~^ \n', ',"", \n'],
    ['ragged records', { delimiter: '^' }, 'a^b\nc\nd^e^f\n', 'a,b\nc\nd,e,f\n'],
    ['CRLF, also in quotes', { quote: "'" }, "a,'b\r\nc'\r\nd,e\r\n", 'a,"b\r\nc"\nd,e\n'],
    ['a CR that is text', { quote: "'" }, 'a\rb\n', '"a\rb"\n'],
    ['lines that end with CR', { quote: "'", newline: 'cr' }, "a\r'b\nc'\r", 'a\r"b\nc"\r'],
    ['skipped and blank lines', { quote: "'", skip: 2 }, "'t\n\na\n\nb\n", '\n\na\n\nb\n'],
    ['a footer', { footer: 2 }, 'a\nb\n\nc\n\nd\n\n', 'a\nb\n'],
    ['a footer longer than the file', { footer: 9 }, 'a\nb\n', ''],
    ['no last line break', { quote: "'" }, "a,'b'", 'a,b\n'],
  ])('re-writes %s', async (_, dialect, text, canonical) => {
    expect((await rewrite(Buffer.from(text), dialect)).toString()).toBe(canonical);
  });

  it('tells of a value whose end is a guess', async () => {
    const text = "1;'a'\n2;'b\n3;'c'\n\n6;f";

    const records = parse(await rewrite(Buffer.from(text), { delimiter: ';', quote: "'" }));

    expect(records).toMatchObject([
      { line: 1, fields: ['1', 'a'], problems: [] },
      {
        line: 2,
        fields: ['2', "b\n3;'c"],
        problems: [{ code: 'ambiguous_quote', field: 1 }],
      },
      { line: 5, fields: ['6', 'f'], problems: [] },
    ]);
  });

  it('reads line by line from the last quote that is never closed, and says which record it spoils', async () => {
    const text = "1;'a'\n2;'b;c\n3;\"d\r\ne;f";

    const records = parse(await rewrite(Buffer.from(text), { delimiter: ';', quote: "'" }));

    expect(records.map(({ fields }) => fields)).toEqual([
      ['1', 'a'],
      ['2', 'b;c'],
      ['3', '"d'],
      ['e', 'f'],
    ]);
    expect(records.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      [],
      ['unclosed_quote'],
      [],
      [],
    ]);
    expect(records[1]?.raw.toString()).toBe('2,b;c');
  });

  it('keeps bytes that are no UTF-8, for their record to be rejected', async () => {
    const text = Buffer.from('a^\xff^b\nc^d\n', 'latin1');

    expect(parse(await rewrite(text, { delimiter: '^' }))).toMatchObject([
      { problems: [{ code: 'invalid_utf8', field: 1 }] },
      { problems: [] },
    ]);
  });

  it('reads any text as the parser of plain CSV does, however it is cut into buffers', async () => {
    await fc.assert(
      fc.asyncProperty(
        aTroubledText(),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async ([text, dialect], sizes) => {
          const recordLimit = 24;
          const direct = outcomeOf(() => readPlain(text, dialect, recordLimit));
          const rewritten = await rewrite(text, dialect, { recordLimit, sizes }).then(
            (canonical) =>
              outcomeOf(() =>
                readPlain(canonical, { ...COMMA, newline: dialect.newline === 'cr' ? 'cr' : 'lf' }),
              ),
            codeOf,
          );

          expect(rewritten).toEqual(direct);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('gives back what was written in any dialect', async () => {
    await fc.assert(
      fc.asyncProperty(
        aDialect().chain((dialect) => fc.tuple(fc.constant(dialect), aTable(dialect))),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        async ([dialect, table], sizes) => {
          const text = Buffer.from(write(table, dialect));

          const canonical = await rewrite(text, dialect, { sizes });

          expect(parse(canonical, dialect.newline).map(({ fields }) => fields)).toEqual(table);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('agrees with another parser on what is well formed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(';', '\t', '|', '^'),
        fc.constantFrom('"', "'"),
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", ';', '|', '\n', 'é') }), {
            minLength: 2,
            maxLength: 4,
          }),
          { minLength: 1 },
        ),
        async (delimiter, quote, table) => {
          const text = Papa.unparse(table, {
            delimiter,
            quoteChar: quote,
            escapeChar: quote,
            newline: '\n',
          });
          const theirs = Papa.parse<string[]>(text, {
            delimiter,
            quoteChar: quote,
            escapeChar: quote,
            newline: '\n',
          });

          const ours = parse(await rewrite(Buffer.from(text), { delimiter, quote }));

          expect(ours.map(({ fields }) => fields.map((field) => field ?? ''))).toEqual(theirs.data);
        },
      ),
    );
  });

  it('gives up on a line that is longer than a record may be', async () => {
    const text = Buffer.from(`1\n${'x'.repeat(50)}\n`);

    await expect(rewrite(text, {}, { recordLimit: 40 })).rejects.toMatchObject({
      code: 'record_too_long',
      details: { row: 1, line: 2, offset: 2, recordLimit: 40 },
    });
  });

  it('does not hold back more of a footer than it has room for', async () => {
    const source = { ...COMMA, footer: 1000 };

    const reading = async () => {
      for await (const bytes of rewriteCsv(endless(), source, { recordLimit: 8 * MiB }))
        expect(bytes.length).toBe(0);
    };

    await expect(reading()).rejects.toMatchObject({ code: 'footer_too_long' });
  });

  it.each([
    ['delimiter and quote', { delimiter: '"' }],
    ['delimiter and escape', { delimiter: '\\', escape: '\\' }],
    ['two characters', { delimiter: '||' }],
  ])('refuses a dialect whose characters contradict one another: %s', async (_, dialect) => {
    await expect(rewrite(Buffer.from('a\n'), dialect)).rejects.toMatchObject({
      code: 'dialect_invalid',
    });
  });
});

const MiB = 1024 * 1024;

const COMMA = aSource();

async function rewrite(
  text: Buffer,
  dialect: Partial<ResolvedSource>,
  { recordLimit = 8 * MiB, sizes }: { recordLimit?: number; sizes?: Iterable<number> } = {},
): Promise<Buffer> {
  const source = { ...COMMA, ...dialect };
  return await collect(rewriteCsv(cut(text, sizes), source, { recordLimit }));
}

async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.from(`${'x'.repeat(MiB)}\n`);
}

function parse(canonical: Buffer, newline: ResolvedSource['newline'] = 'lf'): CsvRecord[] {
  return readPlain(
    canonical,
    { ...COMMA, newline: newline === 'cr' ? 'cr' : 'lf' },
    undefined,
    (record) => record,
  );
}

function readPlain(file: Buffer, source: ResolvedSource, recordLimit?: number): unknown[];
function readPlain<T>(
  file: Buffer,
  source: ResolvedSource,
  recordLimit: number | undefined,
  see: (record: CsvRecord) => T,
): T[];
function readPlain(
  file: Buffer,
  { delimiter, newline }: ResolvedSource,
  recordLimit = 8 * MiB,
  see: (record: CsvRecord) => unknown = ({ row, line, fields, problems }) => ({
    row,
    line,
    fields: fields.map((field) => field?.toString()),
    problems: problems.map(({ code, field }) => `${field} ${code}`),
  }),
): unknown[] {
  const dialect: CsvDialect = { delimiter, quote: '"', newline, hasHeader: true, bom: false };
  const scanner = new RecordScanner(dialect, { recordLimit, chunkBytes: 32 });
  const chunks = [...scanner.push(file), ...scanner.end()];
  return chunks.flatMap(({ from, to, firstRow, firstLine }) => {
    const at = { offset: from, row: firstRow, line: firstLine };
    return Array.from(parseRecords(file.subarray(from, to), dialect, at), see);
  });
}

function outcomeOf(reading: () => unknown[]): unknown {
  try {
    return reading();
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: string }).code ?? error;
}

/** Bytes that a careless program may have written, in a dialect that needs no re-writing. */
function aTroubledText(): fc.Arbitrary<[Buffer, ResolvedSource]> {
  const dialects = [',', ';', '|'].flatMap((delimiter) =>
    (['lf', 'crlf', 'cr'] as const).map((newline) => ({ ...COMMA, delimiter, newline })),
  );
  return fc.constantFrom(...dialects).chain((dialect) => {
    const letters = [
      '"',
      '"',
      '""',
      dialect.delimiter,
      ',',
      '\n',
      '\r',
      '\r\n',
      'a',
      '\\.',
      '\xc3\xa9',
      '\xff',
      '\0',
    ];
    return fc.tuple(
      fc
        .array(fc.constantFrom(...letters), { maxLength: 40 })
        .map((parts) => Buffer.from(parts.join(''), 'latin1')),
      fc.constant(dialect),
    );
  });
}

function aDialect(): fc.Arbitrary<ResolvedSource> {
  const characters = [',', ';', '\t', '|', '^', '"', "'", '~', '\\', '§', '“', '😀', ' ', 'x'];
  return fc
    .record({
      delimiter: fc.constantFrom(...characters),
      quote: fc.constantFrom(...characters),
      escape: fc.option(fc.constantFrom(...characters)),
      newline: fc.constantFrom('lf' as const, 'crlf' as const, 'cr' as const),
    })
    .filter(({ delimiter, quote, escape }) => delimiter !== quote && delimiter !== escape)
    .map((dialect) => ({ ...COMMA, ...dialect }));
}

function aTable({ delimiter, quote, escape }: ResolvedSource): fc.Arbitrary<(string | null)[][]> {
  const unit = fc.constantFrom(
    delimiter,
    quote ?? '',
    escape ?? '',
    ',',
    '"',
    '\n',
    '\r',
    'a',
    'é',
    '\\.',
  );
  const value = fc.option(fc.string({ unit, maxLength: 5 }), { freq: 5 });
  return fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
}

/** Writes as a careful program does. */
function write(
  table: (string | null)[][],
  { delimiter, quote, escape, newline }: ResolvedSource,
): string {
  const q = quote ?? '';
  const end = { lf: '\n', crlf: '\r\n', cr: '\r' }[newline];
  const inQuotes = (text: string) =>
    escape === null || escape === quote
      ? text.replaceAll(q, q + q)
      : text.replaceAll(escape, escape + escape).replaceAll(q, escape + q);
  return table
    .map(
      (row) =>
        row.map((text) => (text === null ? '' : q + inQuotes(text) + q)).join(delimiter) + end,
    )
    .join('');
}
