import { gzipSync } from 'node:zlib';
import { aWorkbook } from '../xlsx/workbook-harness.js';
import { detectSource } from './detect-source.js';
import { aFile, aZip } from './file-harness.js';

describe(detectSource.name, () => {
  it.each([
    ['rows.csv', 'id,name\n1,Ada\n', 'csv'],
    ['rows', '[id],[name]\n', 'csv'],
    ['rows.csv', '{id},{name}\n1,2\n', 'csv'],
    ['rows', ' \n[{"id":1}]', 'json'],
    ['rows', '[\n  {\n    "id": 1\n', 'json'],
    ['rows', '[1, 2, 3,\n 4]', 'json'],
    ['rows', '[]', 'json'],
    ['rows', '{"id":1}\n{"id":2}\n', 'ndjson'],
    ['rows', '{"id":1}', 'ndjson'],
    ['rows', '["id","name"]\n[1,"Ada"]\n', 'ndjson'],
    ['rows.jsonl', '[1,"Ada"]\n', 'ndjson'],
    ['rows.ndjson', 'oops\n{"id":2}\n', 'ndjson'],
    ['rows', '{\n  "rows": [\n', 'json'],
  ])('takes %s with %j for %s', async (name, text, format) => {
    expect(await detectSource(aFile(text, name))).toMatchObject({ format, packing: 'none' });
  });

  it('looks into gzip, whose name without its ending counts', async () => {
    const packed = gzipSync(Buffer.from('\uFEFF["id"]\n', 'utf16le'));

    const found = await detectSource(aFile(packed, 'rows.jsonl.gz'));

    expect(found).toMatchObject({
      format: 'ndjson',
      packing: 'gzip',
      encoding: 'utf-16le',
      bom: true,
      isWhole: true,
    });
    expect(found.head.toString()).toBe('["id"]\n');
  });

  it('looks into zip, and lists what can be chosen', async () => {
    const packed = await aZip({ 'a/': '', 'a/rows.csv': 'id\n', '__MACOSX/a/._rows.csv': 'x' });

    expect(await detectSource(aFile(packed))).toMatchObject({
      format: 'csv',
      packing: 'zip',
      entry: 'a/rows.csv',
      entries: [{ name: 'a/rows.csv', size: 3 }],
    });
  });

  it('lists the sheets of a workbook', async () => {
    const sheets = { Notes: '', Data: '' };
    const file = aFile(await aWorkbook({ sheets, hidden: ['Notes'] }));

    const expected = {
      format: 'xlsx',
      packing: 'none',
      sheets: [
        { name: 'Notes', isHidden: true },
        { name: 'Data', isHidden: false },
      ],
    };
    expect(await detectSource(file)).toMatchObject({ ...expected, sheet: 'Data' });
    expect(await detectSource(file, { sheet: 1 })).toMatchObject({ ...expected, sheet: 'Notes' });
    await expect(detectSource(file, { sheet: 3 })).rejects.toMatchObject({ code: 'sheet_unknown' });
  });

  it('hands on no more than the beginning, at whole characters', async () => {
    const text = Buffer.from('x' + '😀'.repeat(100_000), 'utf16le');

    const found = await detectSource(aFile(text), { encoding: 'utf-16le' });

    expect(found.isWhole).toBe(false);
    expect(found.head.toString()).toMatch(/^x(😀)+$/u);
    expect(found.head.length).toBeLessThan(600_000);
  });

  it.each<[string, string, () => Buffer | Promise<Buffer>, object?]>([
    ['an empty file', 'file_empty', () => Buffer.alloc(0)],
    ['an empty file in gzip', 'file_empty', () => gzipSync('')],
    ['an old workbook', 'format_unsupported', () => latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
    ['a PDF', 'format_unsupported', () => latin1('%PDF-1.7\n')],
    ['a tar', 'format_unsupported', () => latin1('rows.csv'.padEnd(257, '\0') + 'ustar\0')],
    ['a Parquet file', 'format_unsupported', () => latin1('PAR1\x15\x04')],
    [
      'an OpenDocument file',
      'format_unsupported',
      () => aZip({ mimetype: 'x', 'content.xml': 'x' }),
    ],
    [
      'a binary workbook',
      'format_unsupported',
      () => aZip({ '[Content_Types].xml': 'x', 'xl/workbook.bin': 'x' }),
    ],
    [
      'a Word document',
      'format_unsupported',
      () => aZip({ '[Content_Types].xml': 'x', 'word/document.xml': 'x' }),
    ],
    ['gzip in gzip', 'archive_nested', () => gzipSync(gzipSync('id\n'))],
    [
      'zip in zip',
      'archive_nested',
      async () => await aZip({ 'a.zip': await aZip({ a: 'id\n' }) }),
    ],
    [
      'a workbook in zip',
      'archive_nested',
      async () => await aZip({ 'a.xlsx': await aWorkbook() }),
    ],
    [
      'a tar in gzip',
      'archive_nested',
      () => gzipSync(latin1('rows.csv'.padEnd(257, '\0') + 'ustar\0')),
    ],
    ['a gzip that is none', 'packing_mismatch', () => latin1('id\n'), { packing: 'gzip' }],
    [
      'a gzip that is told to be plain',
      'format_mismatch',
      () => gzipSync('id\n'),
      { packing: 'none' },
    ],
    ['a workbook that is told to be CSV', 'format_mismatch', () => aWorkbook(), { format: 'csv' }],
    [
      'CSV that is told to be a workbook',
      'format_mismatch',
      () => latin1('id\n'),
      { format: 'xlsx' },
    ],
  ])('refuses %s with %s', async (_, code, bytes, told = {}) => {
    await expect(detectSource(aFile(await bytes()), told)).rejects.toMatchObject({ code });
  });

  it('reads little of a large file', async () => {
    const file = aFile(Buffer.alloc(8 * 1024 * 1024, 'id,name\n'));
    let bytes = 0;
    const counted = {
      ...file,
      read: async (range?: { from?: number; to?: number }) =>
        (await file.read(range)).on('data', (chunk: Buffer) => (bytes += chunk.length)),
    };

    await detectSource(counted);

    expect(bytes).toBeLessThan(1024 * 1024);
  });
});

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
