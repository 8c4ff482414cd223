import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { aWorkbook } from '../xlsx/workbook-harness.js';
import { detectSource } from './detect-source.js';
import { aFile, aSource, aZip, readAll } from './file-harness.js';
import type { ResolvedSource } from './resolved-source.js';
import type { SourceFile } from './source-file.js';

const SPECTRUM = dirname(require.resolve('csv-spectrum/package.json'));

describe('the nasty files', () => {
  it.each<[file: string, source: Partial<ResolvedSource>, rows: (string | null)[][]]>([
    [
      'single-quotes.csv',
      { quote: "'" },
      [
        ['id', 'name', 'note'],
        ['1', "O'Neill", 'a, b'],
        ['2', '"Ada"', ''],
        ['3', null, 'line\nbreak'],
      ],
    ],
    [
      'backslash-escapes.csv',
      { escape: '\\' },
      [
        ['id', 'name'],
        ['1', 'a "quoted" word'],
        ['2', 'C:\\temp'],
        ['3', 'both "ways"'],
      ],
    ],
    [
      'quotes-are-text.tsv',
      { delimiter: '\t', quote: null },
      [
        ['id', 'size'],
        ['1', '5" pipe'],
        ['2', '"6" pipe'],
        ['3', '"'],
      ],
    ],
    [
      'escaped-tabs.tsv',
      { delimiter: '\t', quote: null, escape: '\\' },
      [
        ['id', 'note'],
        ['1', 'a\tb'],
        ['2', 'c\nd'],
        ['3', '\\N'],
      ],
    ],
    [
      'broken-bar.csv',
      { delimiter: '¦' },
      [
        ['id', 'name'],
        ['1', 'Ada, Countess'],
        ['2', 'a¦b'],
      ],
    ],
    [
      'caret-and-tilde.csv',
      { delimiter: '^', quote: '~' },
      [
        ['id', 'name', 'empty'],
        ['1', 'a^b', ''],
        ['2', '"Grace"', null],
      ],
    ],
    [
      'preamble-and-footer.csv',
      { delimiter: ';', skip: 3, footer: 2 },
      [
        ['id', 'amount'],
        ['1', '10,00'],
        ['2', '20,00'],
      ],
    ],
    [
      'windows-1252.csv',
      { newline: 'crlf' },
      [
        ['id', 'name', 'price'],
        ['1', 'Müller & Söhne', '5 €'],
        ['2', '„Größe“', '½'],
      ],
    ],
    ['no-last-newline.ndjson', {}, [['1'], ['2']]],
    [
      'odd-keys.ndjson',
      {},
      [
        ['1', 'Ada', null],
        ['2', 'Grace', null],
        ['3', null, null],
        ['4', null, '["a",{"b":1.50}]'],
      ],
    ],
    [
      'long-numbers.ndjson',
      {},
      [
        ['12345678901234567890123', '0.10', '1e400'],
        ['-0', '100.00', '1E-7'],
      ],
    ],
    [
      'indented.json',
      {},
      [
        ['1', 'a, [b] {c}'],
        ['2', '"\\'],
      ],
    ],
  ])('%s is read as it was meant', async (name, dialect, rows) => {
    const file = aNastyFile(name);
    const { records } = await readAll(file, await sourceOf(file, dialect), {
      columns: COLUMNS[name] ?? ['id'],
    });

    expect(records.map(({ fields }) => fields)).toEqual(rows);
    expect(records.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it.each<[file: string, source: Partial<ResolvedSource>, problems: string[], rows: number]>([
    ['unclosed-single-quote.csv', { delimiter: ';', quote: "'" }, ['3 unclosed_quote'], 5],
    ['undefined-bytes.csv', {}, ['3 invalid_utf8'], 4],
    [
      'troubled-lines.ndjson',
      {},
      [
        '2 invalid_json',
        '4 unknown_field',
        '5 duplicate_field',
        '7 not_an_object',
        '8 nul_byte',
        '9 lone_surrogate',
      ],
      9,
    ],
  ])('%s tells its troubles line by line', async (name, dialect, problems, rows) => {
    const file = aNastyFile(name);

    const { records } = await readAll(file, await sourceOf(file, dialect), {
      columns: COLUMNS[name] ?? [],
    });

    expect(
      records.flatMap((record) => record.problems.map(({ code }) => `${record.line} ${code}`)),
    ).toEqual(problems);
    expect(records).toHaveLength(rows);
  });

  it.each([
    ['truncated.json', 'json_truncated'],
    ['one-object.json', 'json_not_an_array'],
    ['trailing-comma.json', 'json_malformed'],
  ])('%s is refused with %s', async (name, code) => {
    const file = aNastyFile(name);

    await expect(readAll(file, await sourceOf(file))).rejects.toMatchObject({
      code,
      help: expect.stringMatching(/\.$/) as string,
    });
  });

  it('two arrays in one file are two lines of JSON, and none is lost', async () => {
    const file = aNastyFile('two-arrays.json');

    const source = await sourceOf(file);

    expect(source.format).toBe('ndjson');
    expect((await readAll(file, source)).records.map(({ raw }) => raw.toString())).toEqual([
      '[{"id":1}]',
      '[{"id":2}]',
    ]);
  });

  it.each<[string, () => Promise<Buffer> | Buffer, Partial<ResolvedSource>]>([
    [
      'gzip of several members',
      () => Buffer.concat([gzipSync('id,name\n1,'), gzipSync('Köln\n')]),
      {},
    ],
    [
      'zip with folders and clutter',
      () => aZip({ 'x/': '', '__MACOSX/._a': '', 'x/a.csv': 'id,name\n1,Köln\n' }),
      {},
    ],
    [
      'UTF-16 LE with a byte order mark',
      () => Buffer.from('\uFEFFid,name\n1,Köln\n', 'utf16le'),
      {},
    ],
    ['UTF-16 BE without one', () => Buffer.from('id,name\n1,Köln\n', 'utf16le').swap16(), {}],
    [
      'UTF-16 in gzip in a dialect of its own',
      () => gzipSync(Buffer.from("\uFEFF'id'^name\n1^'Köln'\n", 'utf16le')),
      { delimiter: '^', quote: "'" },
    ],
    [
      'Windows-1252 in zip',
      () => aZip({ 'a.csv': Buffer.from('id,name\n1,K\xf6ln\n', 'latin1') }),
      {},
    ],
    ['UTF-8 with a byte order mark', () => Buffer.from('\uFEFFid,name\n1,Köln\n'), {}],
    [
      'a workbook',
      () =>
        aWorkbook({
          sheets: {
            a: '<row><c t="str"><v>id</v></c><c t="str"><v>name</v></c></row><row><c><v>1</v></c><c t="str"><v>Köln</v></c></row>',
          },
        }),
      {},
    ],
    ['lines of arrays', () => Buffer.from('["id","name"]\n[1,"Köln"]\n'), {}],
    [
      'lines of arrays that end with CR',
      () => Buffer.from('["id","name"]\r[1,"Köln"]\r'),
      { newline: 'cr' },
    ],
    ['an array of arrays', () => Buffer.from('[\n["id","name"],\n[1,"Köln"]]'), {}],
  ])('%s is read as if it were plain', async (_, bytes, dialect) => {
    const file = aFile(await bytes(), 'rows');

    const { records } = await readAll(file, await sourceOf(file, dialect));

    expect(records).toMatchObject([
      { fields: ['id', 'name'], problems: [], line: 1 },
      { fields: ['1', 'Köln'], problems: [], line: 2 },
    ]);
  });

  it.each([
    ['CSV', {}, (values: string[]) => `${values.join(',')}\n`],
    [
      'CSV in a dialect of its own',
      { delimiter: '^', quote: null },
      (values: string[]) => `${values.join('^')}\n`,
    ],
    [
      'lines of JSON',
      { format: 'ndjson' as const },
      (values: string[]) => `${JSON.stringify(values)}\n`,
    ],
    ['an array', { format: 'json' as const }, (values: string[]) => `[${JSON.stringify(values)}]`],
  ])('%s may have 10 000 columns, and values of 5 MB', async (_, dialect, write) => {
    const wide = Array.from({ length: 10_000 }, (__, index) => `v${index}`);
    const long = ['x'.repeat(5 * 1024 * 1024), 'end'];

    const [widest] = (await readAll(aFile(write(wide)), aSource(dialect))).records;
    const [longest] = (await readAll(aFile(write(long)), aSource(dialect))).records;

    expect(widest?.fields).toEqual(wide);
    expect(longest?.fields).toEqual(long);
  });

  it('a header and nothing else is one record, in whatever way it is written', async () => {
    const row = '<row><c t="str"><v>id</v></c></row>';
    const files: [Buffer, Partial<ResolvedSource>][] = [
      [Buffer.from('id\n'), {}],
      [Buffer.from('id'), { quote: null }],
      [Buffer.from('["id"]'), { format: 'ndjson' }],
      [Buffer.from('[["id"]]'), { format: 'json' }],
      [await aWorkbook({ sheets: { a: row } }), { format: 'xlsx' }],
    ];
    for (const [bytes, source] of files) {
      expect(
        (await readAll(aFile(bytes), aSource(source))).records.map(({ fields }) => fields),
      ).toEqual([['id']]);
    }
  });
});

describe('csv-spectrum', () => {
  it.each(readdirSync(join(SPECTRUM, 'csvs')))(
    '%s is read as its authors mean it',
    async (name) => {
      const csv = readFileSync(join(SPECTRUM, 'csvs', name));

      const [header, ...rows] = (await readAll(aFile(csv), aSource())).records;

      const names = header?.fields ?? [];
      const objects = rows.map(({ fields }) =>
        Object.fromEntries(fields.map((field, index) => [names[index] ?? '', field ?? ''])),
      );
      expect(objects).toEqual(expectedOf(name));
    },
  );
});

/** One of the files has another telephone number than its JSON, which is no array either. */
function expectedOf(name: string): unknown {
  const json = readFileSync(join(SPECTRUM, 'json', name.replace('.csv', '.json')), 'utf8');
  const expected = JSON.parse(json) as object;
  if (name !== 'location_coordinates.csv') return expected;
  return [{ ...expected, 'Contact Phone Number': '2095257564' }];
}

/** The fields of objects. */
const COLUMNS: Record<string, string[]> = {
  'odd-keys.ndjson': ['id', 'name', 'tags'],
  'long-numbers.ndjson': ['id', 'price', 'rate'],
  'indented.json': ['id', 'name'],
  'troubled-lines.ndjson': ['id', 'name'],
};

async function sourceOf(
  file: SourceFile,
  dialect: Partial<ResolvedSource> = {},
): Promise<ResolvedSource> {
  const { format, packing, entry, encoding, bom } = await detectSource(file);
  const detected = { format, packing, encoding, bom };
  return aSource({ ...detected, ...(entry === undefined ? {} : { entry }), ...dialect });
}

function aNastyFile(name: string): SourceFile {
  return aFile(readFileSync(join(__dirname, '../../../testing/files', name)), name);
}
