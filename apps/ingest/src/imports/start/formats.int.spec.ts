import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import {
  CancelImport,
  type DatasetColumn,
  ImportProgressed,
  ImportStarted,
  PrepareFile,
  RetryImport,
} from '@offload/contracts';
import { testTenant } from '@offload/testing';
import yazl from 'yazl';
import { endOf, importHarness, type ImportWanted } from '../../../test/import-harness.js';

const columns: DatasetColumn[] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'name', type: 'text', nullable: true },
  { name: 'price', type: 'numeric', nullable: true },
];
const rows = [
  { id: '1', name: 'Zoë', price: '2.5' },
  { id: '2', name: null, price: null },
  { id: '3', name: 'a "b", c', price: '1000' },
];
const csv = 'id,name,price\n1,Zoë,2.5\n2,,\n3,"a ""b"", c",1000\nx,bad,1\n';

describe('an import of a file that is written in another way', () => {
  const { db, files, importText, rejectionsOf, rowsOf, run, start } = importHarness();

  it.each<[string, Buffer | Promise<Buffer>, ImportWanted]>([
    ['as CSV', Buffer.from(csv), {}],
    ['packed with gzip', gzipSync(csv), { name: 'a.csv.gz' }],
    ['in a zip archive', zipped({ 'list/a.csv': csv }), { name: 'a.zip' }],
    [
      'in a zip archive of several files',
      zipped({ 'a.csv': csv, 'b.csv': 'z\n1\n' }),
      { name: 'a.zip', source: { entry: 'a.csv' } },
    ],
    ['in UTF-16', Buffer.from(`\ufeff${csv}`, 'utf16le'), {}],
    ['in Windows-1252', Buffer.from(csv, 'latin1'), { source: { encoding: 'windows-1252' } }],
    [
      'with another delimiter, quote and decimal separator',
      Buffer.from(`id;name;price\n1;Zoë;2,5\n2;;\n3;'a "b", c';1.000\nx;bad;1\n`),
      { source: { quote: "'" }, values: { decimal: ',', thousands: '.' } },
    ],
    [
      'with a title and a total',
      Buffer.from(`Prices\n\n${csv}Total,,3\n`),
      {
        source: { skip: 2, footer: 1 },
      },
    ],
    ['as NDJSON', Buffer.from(asJson('\n')), { name: 'a.ndjson' }],
    ['as a JSON array', Buffer.from(`[${asJson(',\n')}]`), { name: 'a.json' }],
    ['as an Excel workbook', workbook(), { name: 'a.xlsx' }],
  ])('%s stores the same rows and reports the same bad one', async (_, content, wanted) => {
    const { dataset, end, importId } = await importText(await content, { columns, ...wanted });

    expect(end).toMatchObject({ rowsLoaded: 3, rowsCreated: 3, rowsRejected: 1 });
    expect(await rowsOf(dataset)).toEqual(rows);
    expect(await rejectionsOf(importId)).toMatchObject([
      { row: 4, column: 'id', value: 'x', code: 'not_a_value', fields: ['x', 'bad', '1'] },
    ]);
  });

  it('tells the lines of the file, also when it had to be made plain', async () => {
    const text = `Prices\n\n${csv}`.replace('3,"a ""b"", c"', '3,"a\nb"');

    const { importId } = await importText(gzipSync(text), { columns, name: 'a.csv.gz' });

    expect(await rejectionsOf(importId)).toMatchObject([{ row: 4, line: 8, raw: 'x,bad,1' }]);
  });

  it('has a bar for making it plain, and says how it was written', async () => {
    const { end, published } = await importText(gzipSync(csv), { columns, name: 'a.csv.gz' });

    expect(published.find(({ type }) => type === ImportStarted.type)?.payload).toMatchObject({
      source: { format: 'csv', packing: 'gzip', encoding: 'utf-8', delimiter: ',' },
      sourceColumns: ['id', 'name', 'price'],
      bytesTotal: Buffer.byteLength(csv),
    });
    expect(end).toMatchObject({
      bytesTotal: Buffer.byteLength(csv),
      phases: [
        { name: 'converting', unit: 'bytes' },
        { name: 'loading', done: Buffer.byteLength(csv) },
      ],
    });
  });

  it('makes a file plain once more when that was interrupted, over what is left of it', async () => {
    const command = await start(gzipSync(csv), { columns, name: 'a.csv.gz' });
    const { importId, dataset } = command.payload;
    await run(command, { loses: ({ type }) => type === PrepareFile.type });
    await files.put(`${testTenant}/${importId}`, Readable.from([Buffer.from('half')]));

    await run(PrepareFile({ importId }));

    expect(await rowsOf(dataset.name)).toEqual(rows);
    expect(String(await buffer(await files.read(`${testTenant}/${importId}`)))).toBe(csv);
  });

  it('does not go on with a file that was canceled while it was made plain', async () => {
    const command = await start(gzipSync(csv), { columns, name: 'a.csv.gz' });
    const { importId } = command.payload;
    await run(command, { loses: ({ type }) => type === PrepareFile.type });
    await run(CancelImport({ importId, keepRows: false }));

    expect(await run(PrepareFile({ importId }))).toEqual([]);
    const retried = endOf(await run(RetryImport({ importId })));

    expect(retried).toMatchObject({ rowsCreated: 3 });
  });

  it('tells how far it has come while it makes a large file plain, in between', async () => {
    const line = `${'x'.repeat(60)},${Math.PI}\n`;
    const packed = gzipSync(`a,b\n${line.repeat(1_200_000)}`, { level: 1 });

    const { importId } = await importText(packed, { name: 'a.csv.gz' }, { loses: isSplit });

    const told: { payload: ImportProgressed }[] = await db().query(
      `select convert_from(body, 'UTF8')::jsonb as payload from outbox_message
        where routing_key = $1 and convert_from(body, 'UTF8')::jsonb ->> 'importId' = $2
          and convert_from(body, 'UTF8')::jsonb #>> '{phases,0,name}' = 'converting'`,
      [ImportProgressed.type, importId],
    );
    expect(told.length).toBeGreaterThan(0);
    for (const { payload } of told) {
      expect(payload.phases[0]?.total).toBe(packed.length);
    }
  });

  it.each([
    ['what is no archive', Buffer.from('PK\u0003\u0004 broken'), 'a.zip'],
    ['an archive in an archive', gzipSync(gzipSync(csv)), 'a.csv.gz.gz'],
    ['JSON that is not a list', Buffer.from('{"a": [1, 2'), 'a.json'],
    ['a packed file that is cut off', gzipSync('a,b\n'.repeat(100_000)).subarray(0, 200), 'a.gz'],
  ])('refuses %s in words', async (_, content, name) => {
    const { end } = await importText(content, { name });

    expect(end).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\.$/) });
  });
});

function isSplit({ type }: { type: string }): boolean {
  return type === 'ingest.split-file.v1';
}

function asJson(separator: string): string {
  const records = [...rows, { id: 'x', name: 'bad', price: '1' }];
  return records
    .map(({ id, name, price }) => {
      const number = price === null ? 'null' : price;
      return `{"id": ${id === 'x' ? '"x"' : id}, "name": ${JSON.stringify(name)}, "price": ${number}}`;
    })
    .join(separator);
}

function zipped(entries: Record<string, string>): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const [name, content] of Object.entries(entries)) {
    archive.addBuffer(Buffer.from(content), name);
  }
  archive.end();
  return buffer(archive.outputStream);
}

/** The smallest workbook that holds the same table. */
function workbook(): Promise<Buffer> {
  const table = [
    ['id', 'name', 'price'],
    ...rows.map(({ id, name, price }) => [id, name, price]),
    ['x', 'bad', '1'],
  ];
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  return zipped({
    '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="r" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${table
      .map((values) => `<row>${values.map(cell).join('')}</row>`)
      .join('')}</sheetData></worksheet>`,
  });
}

function cell(value: string | null): string {
  if (value === null) return '<c/>';
  if (/^[\d.]+$/.test(value)) return `<c><v>${value}</v></c>`;
  return `<c t="inlineStr"><is><t>${value.replaceAll('"', '&quot;')}</t></is></c>`;
}
