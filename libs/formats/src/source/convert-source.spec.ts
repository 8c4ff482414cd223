import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { aWorkbook } from '../xlsx/workbook-harness.js';
import { convertSource } from './convert-source.js';
import { aFile, aSource, aZip, collect, cut, readAll } from './file-harness.js';
import { needsConversion } from './needs-conversion.js';
import type { ResolvedSource } from './resolved-source.js';
import type { SourceFile } from './source-file.js';

describe(convertSource.name, () => {
  it('gives back every table, however it is written, encoded and packed, and wherever its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSourceWithTable(),
        aPacking(),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        async ({ source, table }, packing, sizes) => {
          const text = encode((source.bom ? '\uFEFF' : '') + write(table, source), source.encoding);
          const file = inPieces(await pack(text, packing), sizes);

          const { records } = await readAll(file, { ...source, packing });

          expect(records.map(({ fields }) => fields)).toEqual(table);
          expect(records.flatMap(({ problems }) => problems)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps the dialect of CSV that only had to be unpacked or decoded', async () => {
    const source = aSource({
      packing: 'gzip',
      delimiter: ';',
      newline: 'crlf',
      skip: 1,
      bom: true,
    });
    const file = aFile(gzipSync('\uFEFFtitle\r\na;b\r\n'));

    const { plain, bytes } = convertSource(file, source);

    expect(plain).toEqual({ ...source, packing: 'none', bom: false });
    expect((await collect(bytes)).toString()).toBe('title\r\na;b\r\n');
  });

  it('says how to read what it makes of any other CSV', () => {
    const source = aSource({
      delimiter: '^',
      quote: null,
      escape: '\\',
      newline: 'crlf',
      skip: 2,
      footer: 1,
      encoding: 'utf-16le',
      packing: 'zip',
      entry: 'a',
    });

    expect(convertSource(aFile(''), source).plain).toEqual(aSource());
  });

  it('tells how much of the file was read', async () => {
    const file = aFile(gzipSync(Buffer.alloc(1_000_000, 'a,b\n'), { level: 0 }));
    const read: number[] = [];

    const onRead = (bytes: number) => read.push(bytes);
    await collect(convertSource(file, aSource({ packing: 'gzip' }), {}, { onRead }).bytes);

    expect(read.length).toBeGreaterThan(10);
    expect(read.reduce((sum, bytes) => sum + bytes, 0)).toBe(file.size);
  });

  it.each<[string, Partial<ResolvedSource>, () => Buffer | Promise<Buffer>]>([
    [
      'packed CSV',
      { packing: 'gzip' },
      () => gzipSync(Buffer.alloc(4_000_000, 'a,b\n'), { level: 0 }),
    ],
    ['CSV of another dialect', { quote: null }, () => Buffer.alloc(4_000_000, 'a,b\n')],
    ['an array', { format: 'json' }, () => Buffer.from(`[${'1,'.repeat(2_000_000)}1]`)],
    [
      'a zip archive',
      { packing: 'zip' },
      () => aZip({ a: Buffer.alloc(4_000_000, 'a,b\n') }, { compress: false }),
    ],
    [
      'a workbook',
      { format: 'xlsx' },
      () => aWorkbook({ sheets: { a: '<row><c><v>1234567</v></c></row>'.repeat(100_000) } }),
    ],
  ])('closes the file when nobody wants more of %s', async (_, source, bytes) => {
    const file = aFile(await bytes());
    const streams: Readable[] = [];
    const watched = {
      ...file,
      read: async (range?: object) => {
        const stream = await file.read(range);
        streams.push(stream);
        return stream;
      },
    };

    for await (const chunk of convertSource(watched, aSource(source)).bytes)
      if (chunk.length > 0) break;

    expect(streams.length).toBeGreaterThan(0);
    expect(streams.map(({ destroyed }) => destroyed)).toEqual(streams.map(() => true));
  });

  it('hands on why the file could not be read, as it is', async () => {
    const lost = Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' });
    const sources = [
      {},
      { quote: null },
      { packing: 'gzip' },
      { packing: 'zip' },
      { format: 'json' },
      { format: 'xlsx' },
    ] as const;
    for (const source of sources) {
      const file = { ...aFile('['), read: async () => Readable.from(breakingOff(lost)) };

      await expect(collect(convertSource(file, aSource(source)).bytes)).rejects.toBe(lost);
    }
  });
});

describe(needsConversion.name, () => {
  it.each<[boolean, Partial<ResolvedSource>]>([
    [false, {}],
    [false, { delimiter: '\t', newline: 'cr', bom: true, skip: 3, escape: '"', header: false }],
    [false, { format: 'ndjson', bom: true }],
    [true, { format: 'ndjson', newline: 'cr' }],
    [true, { format: 'json' }],
    [true, { format: 'xlsx' }],
    [true, { packing: 'gzip' }],
    [true, { packing: 'zip' }],
    [true, { encoding: 'windows-1252' }],
    [true, { delimiter: '§' }],
    [true, { quote: "'" }],
    [true, { quote: null }],
    [true, { escape: '\\' }],
    [true, { footer: 1 }],
  ])('is %s for %j', (expected, source) => {
    expect(needsConversion(aSource(source))).toBe(expected);
  });
});

async function* breakingOff(error: Error): AsyncGenerator<Buffer> {
  yield Buffer.from('');
  throw error;
}

function inPieces(bytes: Buffer, sizes: Iterable<number>): SourceFile {
  return {
    ...aFile(bytes),
    read: async ({ from = 0, to = bytes.length } = {}) =>
      Readable.from(cut(bytes.subarray(from, to), sizes)),
  };
}

function aPacking(): fc.Arbitrary<ResolvedSource['packing']> {
  return fc.constantFrom('none', 'gzip', 'zip');
}

async function pack(bytes: Buffer, packing: ResolvedSource['packing']): Promise<Buffer> {
  if (packing === 'gzip') return gzipSync(bytes);
  return packing === 'zip' ? await aZip({ rows: bytes }) : bytes;
}

function encode(text: string, encoding: ResolvedSource['encoding']): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'windows-1252') return Buffer.from(text, 'latin1');
  const littleEndian = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? littleEndian : littleEndian.swap16();
}

function aSourceWithTable(): fc.Arbitrary<{ source: ResolvedSource; table: (string | null)[][] }> {
  const delimiters = [',', ';', '\t', '|', '^', '§', '£', ' '];
  return fc
    .record({
      encoding: fc.constantFrom(
        'utf-8' as const,
        'utf-16le' as const,
        'utf-16be' as const,
        'windows-1252' as const,
      ),
      delimiter: fc.constantFrom(...delimiters),
      quote: fc.constantFrom('"', '"', "'", '~', '¶'),
      escape: fc.constantFrom(null, null, '\\', '"'),
      newline: fc.constantFrom('lf' as const, 'crlf' as const, 'cr' as const),
      bom: fc.boolean(),
    })
    .filter(({ encoding, bom }) => !(bom && encoding === 'windows-1252'))
    .map((source) => aSource(source))
    .chain((source) => {
      const wide = source.encoding === 'windows-1252' ? 'ÿ' : '😀';
      const letters = [
        source.delimiter,
        source.quote ?? '',
        source.escape ?? 'x',
        '\n',
        '\r\n',
        '\r',
        'a',
        'é',
        wide,
        ',',
        '"',
        ' ',
      ];
      const value = fc.option(fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 }), {
        freq: 4,
      });
      const table = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 10 });
      return fc.record({ source: fc.constant(source), table });
    });
}

/** Writes as a careful program does: quotes what needs it, and the empty text. */
function write(
  table: (string | null)[][],
  { delimiter, quote, escape, newline }: ResolvedSource,
): string {
  const q = quote ?? '';
  const end = { lf: '\n', crlf: '\r\n', cr: '\r' }[newline];
  const doubles = escape === null || escape === quote;
  const special = [delimiter, q, '\n', '\r', ...(escape === null ? [] : [escape])];
  const field = (text: string | null): string => {
    if (text === null) return '';
    if (text !== '' && !special.some((each) => text.includes(each))) return text;
    const inner = doubles
      ? text.replaceAll(q, q + q)
      : text.replaceAll(escape, escape + escape).replaceAll(q, escape + q);
    return q + inner + q;
  };
  return table.map((row) => row.map(field).join(delimiter) + end).join('');
}
