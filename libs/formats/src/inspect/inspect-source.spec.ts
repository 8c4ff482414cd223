import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { parseRecords } from '../csv/parse-records.js';
import { aZip } from '../source/file-harness.js';
import type { SourceFile } from '../source/source-file.js';
import { aWorkbook } from '../xlsx/workbook-harness.js';
import { dialectOf } from './dialect-of.js';
import { inspectSource } from './inspect-source.js';
import type { ToldOptions } from './inspection.js';

const FILES = join(__dirname, '../../../testing/files');

/** The one that has nothing, and those that are not plain. */
const APART = [
  ...['empty.csv', 'backslash-escapes.csv', 'single-quotes.csv'],
  ...['windows-1252.csv', 'undefined-bytes.csv'],
];

describe(inspectSource.name, () => {
  it('says everything of a plain file', async () => {
    const text =
      'Report 2026\n\nId;Name;Price;Born\n1;Ada;1.234,50;31.12.1990\n2;"Bob; jr";2,5;\n3;Eve;7;1.2.2000\nTotal;;1.244,00;\n';

    const inspection = await inspect(text);

    expect(inspection).toMatchObject({
      source: {
        ...{ format: 'csv', packing: 'none', encoding: 'utf-8', bom: false },
        ...{ delimiter: ';', quote: '"', escape: null, newline: 'lf' },
        ...{ header: true, skip: 2, footer: 0 },
      },
      needsConversion: false,
      columns: [
        { name: 'Id', original: 'Id', type: 'bigint', nullable: true, examples: ['1', '2', '3'] },
        { name: 'Name', type: 'text' },
        { name: 'Price', type: 'numeric', values: { decimal: ',', thousands: '.' } },
        { name: 'Born', type: 'date', values: { dates: 'dmy' } },
      ],
      values: { decimal: ',', thousands: '.', dates: 'dmy' },
      preamble: ['Report 2026'],
      footer: ['Total;;1.244,00;'],
      data: { offset: text.indexOf('1;Ada'), row: 1, line: 4, chunk: 0 },
    });
    expect(inspection.rows).toHaveLength(4);
    expect(inspection.rows[1]).toEqual(['2', 'Bob; jr', '2,5', null]);
    expect(inspection.problems).toEqual([
      '2 lines above the header left out; tell “skip” to have it otherwise.',
      'The end looks like totals or notes. They are imported like all rows; tell “footer” 1 to leave them out.',
    ]);
  });

  it.each<[why: string, told: ToldOptions, expected: object]>([
    [
      'a delimiter',
      { source: { delimiter: ',' } },
      { source: { delimiter: ',' }, columns: [{ name: 'a;b' }, { name: 'c' }] },
    ],
    [
      'no header',
      { source: { header: false } },
      {
        columns: [{ name: 'column_1' }, { name: 'column_2' }],
        rows: [
          ['a', 'b,c'],
          ['1', '2,5'],
        ],
      },
    ],
    [
      'lines to skip',
      { source: { skip: 1, header: false } },
      { rows: [['1', '2,5']], preamble: ['a;b,c'] },
    ],
    [
      'the decimal point',
      { values: { decimal: '.' } },
      { columns: [{ type: 'bigint' }, { type: 'text' }], values: { decimal: '.' } },
    ],
    ['footer rows', { source: { footer: 1 } }, { rows: [], needsConversion: true }],
  ])('draws the picture again around %s that is told', async (_, told, expected) => {
    expect(await inspect('a;b,c\n1;2,5\n', told)).toMatchObject(expected);
  });

  it.each<[why: string, bytes: Buffer, name: string]>([
    ['UTF-16', Buffer.from('\uFEFFid;näme\n1;Äda\n2;Bob\n', 'utf16le'), 'a.csv'],
    ['Windows-1252', Buffer.from('id;näme\n1;Äda\n2;Bob\n', 'latin1'), 'a.csv'],
    ['gzip', gzipSync('id;näme\n1;Äda\n2;Bob\n'), 'a.csv.gz'],
    ['quotes of another kind', Buffer.from("id;'näme'\n1;'Äda'\n2;'Bob'\n"), 'a.csv'],
    ['a delimiter of two bytes', Buffer.from('id§näme\n1§Äda\n2§Bob\n'), 'a.csv'],
  ])('looks through %s', async (why, bytes, name) => {
    const told = why.startsWith('a delimiter') ? { source: { delimiter: '§' } } : {};

    const inspection = await inspectSource(aFile(bytes, name), told);

    expect(inspection).toMatchObject({
      needsConversion: true,
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'näme', type: 'text' },
      ],
      rows: [
        ['1', 'Äda'],
        ['2', 'Bob'],
      ],
    });
    expect(inspection.data).toBeUndefined();
  });

  it('shows what a wrong encoding makes of the text', async () => {
    const inspection = await inspect('name\nKöln\n', { source: { encoding: 'windows-1252' } });

    expect(inspection).toMatchObject({ rows: [['KÃ¶ln']], confidence: { encoding: 1 } });
  });

  it('finds the columns of objects wherever they first occur', async () => {
    const text =
      '{"id": 1, "name": "Ada"}\n\n{"id": 2, "tags": ["a"], "at": "2026-01-31"}\n{"id": 12345678901234567890, "ok": true}\n';

    expect(await inspect(text, {}, 'a.ndjson')).toMatchObject({
      source: { format: 'ndjson', header: false },
      needsConversion: false,
      columns: [
        { name: 'id', type: 'numeric' },
        { name: 'name', type: 'text' },
        { name: 'tags', type: 'json' },
        { name: 'at', type: 'date' },
        { name: 'ok', type: 'boolean' },
      ],
      rows: [
        ['1', 'Ada', null, null, null],
        ['2', null, '["a"]', '2026-01-31', null],
        ['12345678901234567890', null, null, null, 'true'],
      ],
      data: { offset: 0, line: 1 },
      problems: [],
    });
  });

  it('reads arrays like rows, with a header and title lines', async () => {
    const text = '["Report", null, null]\n["id", "name", "n"]\n[1, "Ada", 2.5]\n[2, "Bob", 3]\n';

    expect(await inspect(text, {}, 'a.ndjson')).toMatchObject({
      source: { header: true, skip: 1 },
      preamble: ['Report'],
      columns: [{ name: 'id', type: 'bigint' }, { name: 'name' }, { name: 'n', type: 'numeric' }],
      data: { offset: text.indexOf('[1'), line: 3, row: 1 },
    });
  });

  it('looks into the elements of one JSON array', async () => {
    expect(await inspect('[{"id": 1},\n {"id": 2, "b": null}]', {}, 'a.json')).toMatchObject({
      source: { format: 'json' },
      needsConversion: true,
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'b', type: 'text', confidence: 0 },
      ],
      rows: [
        ['1', null],
        ['2', null],
      ],
    });
  });

  it('looks into the sheet that is chosen, under its title lines', async () => {
    const people = [
      cells(1, 'Report'),
      cells(3, 'id', 'name', 'n'),
      cells(4, 1, 'Ada', 2.5),
      cells(5, 2, 'Bob'),
    ];
    const bytes = await aWorkbook({
      sheets: { People: people.join(''), Other: cells(1, 'x') + cells(2, 7) },
    });

    const first = await inspectSource(aFile(bytes, 'a.xlsx'));
    const second = await inspectSource(aFile(bytes, 'a.xlsx'), { source: { sheet: 2 } });

    expect(first).toMatchObject({
      source: { format: 'xlsx', sheet: 'People', header: true, skip: 2 },
      sheets: ['People', 'Other'],
      needsConversion: true,
      preamble: ['Report'],
      columns: [{ name: 'id', type: 'bigint' }, { name: 'name' }, { name: 'n', type: 'numeric' }],
      rows: [
        ['1', 'Ada', '2.5'],
        ['2', 'Bob', null],
      ],
      problems: ['2 lines above the header left out; tell “skip” to have it otherwise.'],
    });
    expect(second).toMatchObject({
      source: { sheet: 'Other' },
      columns: [{ name: 'x', type: 'bigint' }],
      rows: [['7']],
    });
  });

  it('looks into the file of an archive that is chosen', async () => {
    const bytes = await aZip({ 'a.csv': 'a\n1\n', 'b/b.csv': 'b;c\n1;2\n' });

    const found = await inspectSource(aFile(bytes, 'x.zip'), { source: { entry: 'b/b.csv' } });

    expect(found).toMatchObject({
      source: { packing: 'zip', entry: 'b/b.csv', delimiter: ';' },
      entries: [
        { name: 'a.csv', size: 4 },
        { name: 'b/b.csv', size: 8 },
      ],
      columns: [{ name: 'b' }, { name: 'c' }],
    });
  });

  it('reads little of a long file, and values from all over it', async () => {
    const rows = Array.from({ length: 300_000 }, (_, n) => `${n},${n < 290_000 ? n : `x${n}`}`);
    const read: number[] = [];
    const file = aFile(Buffer.from(`a,b\n${rows.join('\n')}\nTotal,5\n`), 'a.csv', read);

    const { columns, samples, footer } = await inspectSource(file);

    expect(columns.map(({ type }) => type)).toEqual(['bigint', 'text']);
    expect(samples.length).toBeGreaterThan(50_000);
    expect(footer).toEqual(['Total,5']);
    expect(read.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(2.5 * 1024 * 1024);
  });

  it.each(readdirSync(FILES).filter((name) => name.endsWith('.csv') && !APART.includes(name)))(
    'reads %s in place',
    async (name) => {
      const bytes = readFileSync(join(FILES, name));

      const inspection = await inspectSource(aFile(bytes, name));

      const { source, needsConversion, data, columns } = inspection;
      const at = data ?? { offset: 0, row: 1, line: 1 };
      const records = [...parseRecords(bytes.subarray(at.offset), dialectOf(source), at)];
      expect(needsConversion).toBe(false);
      expect(columns.length).toBeGreaterThan(0);
      expect(inspection.rows).toEqual(records.map(({ fields }) => fields));
    },
  );

  it.each<[name: string, source: object, rows: unknown[]]>([
    [
      'backslash-escapes',
      { escape: '\\' },
      [
        ['1', 'a "quoted" word'],
        ['2', 'C:\\temp'],
        ['3', 'both "ways"'],
      ],
    ],
    [
      'single-quotes',
      { quote: "'" },
      [
        ['1', "O'Neill", 'a, b'],
        ['2', '"Ada"', ''],
        ['3', null, 'line\nbreak'],
      ],
    ],
    ['windows-1252', { encoding: 'windows-1252' }, expect.any(Array)],
    ['undefined-bytes', { encoding: 'windows-1252' }, expect.any(Array)],
    ['preamble-and-footer', { skip: 3, delimiter: ';' }, expect.any(Array)],
  ])('finds how %s is written', async (name, source, rows) => {
    const bytes = readFileSync(join(FILES, `${name}.csv`));

    expect(await inspectSource(aFile(bytes, `${name}.csv`))).toMatchObject({ source, rows });
  });

  it.each<[code: string, text: string, told: ToldOptions]>([
    ['file_empty', '', {}],
    ['file_empty', '\n\n', {}],
    ['header_unreadable', 'a,"b\n1,2\n', {}],
    ['too_many_columns', `${'a,'.repeat(1598)}a\n`, {}],
    ['no_records', '[]', {}],
    ['values_contradict', 'a\n1\n', { values: { decimal: ',', thousands: ',' } }],
  ])('refuses with %s what cannot be imported', async (code, text, told) => {
    const name = text.startsWith('[') ? 'a.json' : 'a.csv';

    await expect(inspect(text, told, name)).rejects.toMatchObject({ code });
  });
});

function inspect(text: string, told: ToldOptions = {}, name = 'a.csv') {
  return inspectSource(aFile(Buffer.from(text), name), told);
}

/** A row of a sheet. */
function cells(row: number, ...values: (string | number)[]): string {
  const written = values.map((value) =>
    typeof value === 'number'
      ? `<c><v>${value}</v></c>`
      : `<c t="inlineStr"><is><t>${value}</t></is></c>`,
  );
  return `<row r="${row}">${written.join('')}</row>`;
}

/** Hands out what is asked for in pieces, and counts those that were taken. */
function aFile(bytes: Buffer, name: string, read: number[] = []): SourceFile {
  return {
    name,
    size: bytes.length,
    read: async ({ from = 0, to = bytes.length } = {}) =>
      Readable.from(pieces(from, Math.min(to, bytes.length))),
  };

  function* pieces(from: number, to: number) {
    for (let at = from; at < to; at += PIECE) {
      const piece = bytes.subarray(at, Math.min(to, at + PIECE));
      read.push(piece.length);
      yield piece;
    }
  }
}

const PIECE = 16 * 1024;
