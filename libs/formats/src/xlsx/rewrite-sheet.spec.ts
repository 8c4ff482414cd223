import { DEFAULT_SOURCE_LIMITS, type SourceLimits } from '../source/source-limits.js';
import type { ResolvedSource } from '../source/resolved-source.js';
import { aFile, aSource, collect } from '../source/file-harness.js';
import { parseJsonLines } from '../json/parse-json-lines.js';
import { rewriteSheet } from './rewrite-sheet.js';
import { aWorkbook, sheetPart, type WorkbookParts } from './workbook-harness.js';

describe(rewriteSheet.name, () => {
  it('writes row n on line n, cells where their references say, and what is not there as null', async () => {
    const rows =
      row(2, '<c r="A2"><v>1</v></c><c r="C2"><v>3</v></c><c r="D2" s="0"/>') +
      row(5, '<c r="B5"><v>5</v></c>') +
      row(6, '<c r="A6"/>') +
      row(7, '<c r="E7"><v>7</v></c>');

    expect(await rewrite({ sheets: { a: rows } })).toBe(
      '\n["1",null,"3"]\n\n\n[null,"5",null]\n\n[null,null,null,null,"7"]\n',
    );
  });

  it('counts rows and cells itself where there are no references', async () => {
    const rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>';

    expect(await rewrite({ sheets: { a: rows } })).toBe('["1","2"]\n["3",null]\n');
  });

  it.each<[string, string, string | null]>([
    ['a number', '<c><v>12.50</v></c>', '12.50'],
    ['the noise of a fraction', '<c><v>0.10000000000000001</v></c>', '0.1'],
    ['a large exponent', '<c><v>1.5E+3</v></c>', '1500'],
    ['a long whole number', '<c><v>12345678901234567890</v></c>', '12345678901234567890'],
    ['a number that is none', '<c><v>abc</v></c>', 'abc'],
    ['a shared text', '<c t="s"><v>1</v></c>', 'two & "more"'],
    ['a rich text without its pronunciation', '<c t="s"><v>2</v></c>', 'bold and plain'],
    ['an inline text', '<c t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', ' a '],
    ['an inline rich text', '<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', 'ab'],
    ['character data', '<c t="str"><v><![CDATA[<b>]]></v></c>', '<b>'],
    ['an escaped character', '<c t="str"><v>a_x000D__x005F_x000D_</v></c>', 'a\r_x000D_'],
    ['an empty text', '<c t="str"><v></v></c>', ''],
    ['true', '<c t="b"><v>1</v></c>', 'true'],
    ['false', '<c t="b"><v>0</v></c>', 'false'],
    ['an error', '<c t="e"><v>#N/A</v></c>', '#N/A'],
    ['the value of a formula', '<c t="str"><f>A1&amp;"x"</f><v>ax</v></c>', 'ax'],
    ['a date', '<c s="1"><v>45322</v></c>', '2024-01-31'],
    ['a built-in date and time', '<c s="3"><v>45322.75</v></c>', '2024-01-31T18:00:00'],
    ['a negative date', '<c s="1"><v>-1</v></c>', '-1'],
    ['a text that is formatted as a date', '<c s="1" t="str"><v>soon</v></c>', 'soon'],
    ['a date as text', '<c t="d"><v>2024-01-31</v></c>', '2024-01-31'],
    ['a number in a format of texts', '<c s="2"><v>7</v></c>', '7'],
    ['nothing', '<c s="1"/>', null],
  ])('reads %s', async (_, cell, value) => {
    const text = await rewrite({
      sheets: { a: `<row>${cell}<c><v>end</v></c></row>` },
      sharedStrings: [
        '<t>one</t>',
        '<t>two &amp; "more"</t>',
        '<r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and plain</t></r><rPh sb="0" eb="1"><t>x</t></rPh>',
      ],
      formats: ['dd.mm.yyyy', '@'],
      builtIn: [22],
    });

    expect(JSON.parse(text)).toEqual([value, 'end']);
  });

  it('counts days from 1904 in workbooks that do', async () => {
    const cell = '<row><c s="1"><v>43860</v></c></row>';

    expect(await rewrite({ sheets: { a: cell }, builtIn: [14], date1904: true })).toBe(
      '["2024-01-31"]\n',
    );
  });

  it('marks a formula that nobody has computed, for its row to be rejected', async () => {
    const text = await rewriteToBytes({
      sheets: { a: '<row><c><f>1+1</f></c></row><row><c><f t="shared" si="0"/><v></v></c></row>' },
    });

    expect([...parseJsonLines(text, ['a'])]).toMatchObject([
      { fields: ['=1+1'], problems: [{ code: 'formula_without_value', field: 0 }] },
      { fields: ['='], problems: [{ code: 'formula_without_value' }] },
    ]);
  });

  it('takes the first sheet that is not hidden, or the one that is named or numbered', async () => {
    const sheets = { Old: cells('old'), Data: cells('data'), 'Müller &amp; Co': cells('more') };
    const parts = { sheets, hidden: ['Old'] };

    expect(await rewrite(parts)).toBe('["data"]\n');
    expect(await rewrite(parts, { sheet: 'Müller & Co' })).toBe('["more"]\n');
    expect(await rewrite(parts, { sheet: 'old' })).toBe('["old"]\n');
    await expect(rewrite(parts, { sheet: 'New' })).rejects.toMatchObject({
      code: 'sheet_unknown',
      message: 'The workbook has no sheet named “New”, but: “Old”, “Data”, “Müller & Co”.',
    });
  });

  it('leaves out skipped rows and the footer', async () => {
    const rows = ['Title', 'a', '1', '2', 'sum'].map((text, index) =>
      row(index + 1, textCell(text)),
    );

    const text = await rewrite({ sheets: { a: rows.join('') } }, { skip: 1, footer: 1 });

    expect(text).toBe('\n["a"]\n["1"]\n["2"]\n');
  });

  it('is as wide as its first row, whatever the sheet says of itself', async () => {
    const sheet = sheetPart(
      row(1, textCell('a')) + row(2, '<c r="B2"><v>1</v></c>'),
      '<dimension ref="A1:XFD9"/>',
    );

    expect(await rewrite({ sheets: { a: sheet } })).toBe('["a"]\n[null,"1"]\n');
  });

  it('reads sheets with prefixes, and in UTF-16', async () => {
    const prefixed =
      '<?xml version="1.0"?><x:worksheet xmlns:x="y"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    const utf16 = Buffer.from(`\uFEFF${sheetPart(cells('ü'))}`, 'utf16le');

    expect(await rewrite({ sheets: { a: prefixed } })).toBe('["1"]\n');
    expect(await rewrite({ others: { 'xl/worksheets/sheet1.xml': utf16 } })).toBe('["ü"]\n');
  });

  it.each<[string, WorkbookParts]>([
    [
      'a sheet that ends in the middle',
      { sheets: { a: '<?xml version="1.0"?><worksheet><sheetData>' } },
    ],
    ['tags that do not nest', { sheets: { a: '<row><c></row></c>' } }],
    ['an unknown entity', { sheets: { a: cells('&bomb;') } }],
    [
      'a document type',
      {
        sheets: {
          a: `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${'x'.repeat(99)}">]><worksheet/>`,
        },
      },
    ],
    ['rows in no order', { sheets: { a: row(2, '') + row(1, '') } }],
    ['a row beyond the last', { sheets: { a: row(1_048_577, '') } }],
    [
      'two cells in one place',
      { sheets: { a: row(1, '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>') } },
    ],
    ['a column beyond the last', { sheets: { a: row(1, '<c r="XFE1"><v>1</v></c>') } }],
    ['a shared text that is not there', { sheets: { a: row(1, '<c t="s"><v>7</v></c>') } }],
    ['no sheets', { sheets: {} }],
    ['no list of sheets', { others: { 'xl/workbook.xml': '' } }],
    ['a sheet that is missing', { others: { 'xl/_rels/workbook.xml.rels': '<a/>' } }],
    [
      'bytes that are no text',
      { others: { 'xl/worksheets/sheet1.xml': Buffer.from('<a>\xff</a>', 'latin1') } },
    ],
    ['a deep nesting', { sheets: { a: '<row>'.repeat(300) } }],
  ])('refuses %s', async (_, parts) => {
    await expect(rewrite(parts)).rejects.toMatchObject({ code: 'workbook_damaged' });
  });

  it('does not take more shared texts than it has room for', async () => {
    const sharedStrings = Array.from({ length: 2000 }, (_, index) => `<t>text ${index}</t>`);

    await expect(
      rewrite({ sharedStrings }, {}, { maxSharedStringsBytes: 50_000 }),
    ).rejects.toMatchObject({
      code: 'shared_texts_too_large',
    });
  });

  it('reads as many columns as a sheet can have', async () => {
    const last = row(1, '<c r="XFD1"><v>1</v></c>');

    const values = JSON.parse(await rewrite({ sheets: { a: last } })) as unknown[];

    expect(values).toHaveLength(16_384);
    expect(values.at(-1)).toBe('1');
  });

  it('ends as soon as few bytes become many', async () => {
    const sharedStrings = [`<t>${'x'.repeat(MiB)}</t>`];
    const rows = '<row><c t="s"><v>0</v></c></row>'.repeat(2000);

    await expect(rewrite({ sharedStrings, sheets: { a: rows } })).rejects.toMatchObject({
      code: 'inflation_suspicious',
    });
  });

  it('refuses a row that is longer than a record may be, and a text without end', async () => {
    const wide = `<row>${textCell('x'.repeat(600)).repeat(2)}</row>`;
    const endless = `<row>${textCell('x'.repeat(200_000))}</row>`;

    await expect(rewrite({ sheets: { a: wide } }, {}, { recordLimit: 1000 })).rejects.toMatchObject(
      {
        code: 'record_too_long',
      },
    );
    await expect(
      rewrite({ sheets: { a: endless } }, {}, { recordLimit: 1000 }),
    ).rejects.toMatchObject({
      code: 'workbook_damaged',
    });
  });
});

const MiB = 1024 * 1024;

function row(number: number, content: string): string {
  return `<row r="${number}">${content}</row>`;
}

function textCell(text: string): string {
  return `<c t="str"><v>${text}</v></c>`;
}

function cells(...texts: string[]): string {
  return `<row>${texts.map(textCell).join('')}</row>`;
}

async function rewrite(
  parts: WorkbookParts,
  source: Partial<ResolvedSource> = {},
  limits: Partial<SourceLimits> = {},
): Promise<string> {
  return (await rewriteToBytes(parts, source, limits)).toString();
}

async function rewriteToBytes(
  parts: WorkbookParts,
  source: Partial<ResolvedSource> = {},
  limits: Partial<SourceLimits> = {},
): Promise<Buffer> {
  const file = aFile(await aWorkbook(parts), 'rows.xlsx');
  const all = { ...DEFAULT_SOURCE_LIMITS, ...limits };
  return await collect(rewriteSheet(file, aSource({ format: 'xlsx', ...source }), all));
}
