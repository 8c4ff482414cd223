import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { Inspection } from '@offload/contracts/http';
import { ZipFile } from 'yazl';
import { gatewayHarness } from '../../test/gateway-harness.js';

const FILES = join(__dirname, '../../../../libs/testing/files');

describe('inspections', () => {
  const { as, aKey, db } = gatewayHarness();

  it('say what is in a file, and how to import just that', async () => {
    const text =
      'Sales\n\nNr;Name;Price;Day;Paid\n007;Ada;1.234,50;31.12.2025;ja\n008;Bob;n/a;1.2.2026;nein\n';
    const id = await anUpload(text, 'Verkäufe 2026.csv');

    const { body } = await inspect(id).expect(200);

    expect(Inspection.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      object: 'inspection',
      upload_id: id,
      file_name: 'Verkäufe 2026.csv',
      source: { format: 'csv', encoding: 'utf-8', delimiter: ';', header: true, skip: 2 },
      preamble: ['Sales'],
      rows: [
        ['007', 'Ada', '1.234,50', '31.12.2025', 'ja'],
        ['008', 'Bob', 'n/a', '1.2.2026', 'nein'],
      ],
      is_whole: true,
      import: {
        upload_id: id,
        dataset: {
          name: 'verkaufe_2026',
          columns: [
            { name: 'Nr', type: 'text', nullable: true },
            { name: 'Name', type: 'text', nullable: true },
            { name: 'Price', type: 'numeric', nullable: true },
            { name: 'Day', type: 'date', nullable: true },
            { name: 'Paid', type: 'boolean', nullable: true },
          ],
        },
        source: { format: 'csv', delimiter: ';', quote: '"', escape: null, header: true, skip: 2 },
        values: {
          decimal: ',',
          thousands: '.',
          dates: 'dmy',
          nulls: ['n/a'],
          trues: ['ja'],
          falses: ['nein'],
        },
      },
    });
    expect(body.columns[0].problems).toEqual(['Leading zeros are kept as text: “007”.']);

    const { source, values } = body.import;
    const { body: again } = await inspect(id, { source, values }).expect(200);
    expect(again.import).toEqual(body.import);
    expect(again.rows).toEqual(body.rows);
  });

  it.each([
    ['the encoding', { source: { encoding: 'windows-1252' } }, [['1', 'KÃ¶ln']]],
    ['the delimiter', { source: { delimiter: ';' } }, [['1,Köln']]],
    [
      'no header',
      { source: { header: false } },
      [
        ['id', 'city'],
        ['1', 'Köln'],
      ],
    ],
    ['lines to skip', { source: { skip: 1, header: false } }, [['1', 'Köln']]],
  ])('are drawn again around %s that is told', async (_, told, rows) => {
    const id = await anUpload('id,city\n1,Köln\n', 'a.csv');

    const { body } = await inspect(id, told).expect(200);

    expect(body.rows).toEqual(rows);
  });

  it('look through Windows-1252 and gzip', async () => {
    const id = await anUpload(gzipSync(Buffer.from('id;city\n1;Köln\n', 'latin1')), 'a.csv.gz');

    const { body } = await inspect(id).expect(200);

    expect(body).toMatchObject({
      source: { packing: 'gzip', encoding: 'windows-1252', delimiter: ';' },
      rows: [['1', 'Köln']],
      import: { dataset: { name: 'a' }, source: { packing: 'gzip', encoding: 'windows-1252' } },
    });
  });

  it('look into the sheet of a workbook that is chosen', async () => {
    const id = await anUpload(await aWorkbook({ People: 'name', Prices: 'price' }), 'a.xlsx');

    const first = await inspect(id).expect(200);
    const second = await inspect(id, { source: { sheet: 'Prices' } }).expect(200);
    const wrong = await inspect(id, { source: { sheet: 'Nothing' } }).expect(422);

    expect(first.body).toMatchObject({
      source: { format: 'xlsx', sheet: 'People', delimiter: null },
      sheets: ['People', 'Prices'],
      columns: [{ name: 'name', type: 'bigint' }],
      rows: [['7']],
    });
    expect(second.body).toMatchObject({ columns: [{ name: 'price' }] });
    expect(second.body.import.source).toEqual({
      ...{ format: 'xlsx', packing: 'none', sheet: 'Prices', header: true, skip: 0, footer: 0 },
    });
    expect(wrong.body).toMatchObject({ code: 'file_unreadable' });
  });

  it('find the columns of NDJSON', async () => {
    const id = await anUpload('{"id": 1}\n{"id": 2, "at": "2026-01-31"}\n', 'a.ndjson');

    const { body } = await inspect(id).expect(200);

    expect(body).toMatchObject({
      source: { format: 'ndjson', delimiter: null, quote: null, newline: null },
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'at', type: 'date' },
      ],
      import: {
        source: { format: 'ndjson', encoding: 'utf-8', header: false, skip: 0, footer: 0 },
      },
    });
    expect(body.import.source).not.toHaveProperty('delimiter');
  });

  it.each(['ambiguous-quote', 'unclosed-quote', 'nul-byte', 'invalid-utf8', 'ragged-rows'])(
    'answer for the troubled file %s, and say what is wrong with it',
    async (name) => {
      const id = await anUpload(readFileSync(join(FILES, `${name}.csv`)), `${name}.csv`);

      const { body } = await inspect(id).expect(200);

      expect(body.columns.length).toBeGreaterThan(0);
      expect(body.problems).toEqual([expect.stringContaining('of the first')]);
    },
  );

  it('show a wide file and long values without becoming large', async () => {
    const width = 1200;
    const header = Array.from({ length: width }, (_, n) => `c${n}`).join(',');
    const row = Array.from({ length: width }, () => 'x'.repeat(300)).join(',');
    const id = await anUpload(`${header}\n${`${row}\n`.repeat(3)}`, 'wide.csv');

    const { body, text } = await inspect(id).expect(200);

    expect(body.rows[0][0]).toBe(`${'x'.repeat(200)}…`);
    expect(text.length).toBeLessThan(2 * 1024 * 1024);
  });

  it.each([
    ['header_unreadable', 'a,"b\n1,2\n', {}],
    ['format_unsupported', '%PDF-1.7 and so on', {}],
    ['values_contradict', 'a\n1\n', { values: { decimal: ',', thousands: ',' } }],
  ])('refuse a file with its own code %s', async (code, text, told) => {
    const id = await anUpload(text, 'a.csv');

    const { body } = await inspect(id, told).expect(422);

    expect(body).toMatchObject({ code: 'file_unreadable', errors: [{ pointer: '', code }] });
    expect(body.detail).toBe(body.errors[0].detail);
  });

  it('refuse what is told wrongly', async () => {
    const id = await anUpload('a\n1\n', 'a.csv');

    const unknown = await inspect(id, { source: { separator: ';' } }).expect(422);
    const wrong = await inspect(id, { source: { delimiter: ';;' } }).expect(422);

    expect(unknown.body).toMatchObject({
      code: 'unknown_field',
      errors: [{ pointer: '/source/separator' }],
    });
    expect(wrong.body).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/source/delimiter' }],
    });
  });

  it('are of one’s own uploads only, with the scope for them', async () => {
    const id = await anUpload('a\n1\n', 'a.csv');

    const stranger = await inspect(id, {}, await aKey());
    const weak = await inspect(id, {}, await aKey({ scopes: ['imports:write'] }));

    expect([stranger.status, weak.status]).toEqual([404, 403]);
  });

  it('wait for an upload that is not ready', async () => {
    const id = await anUpload('a\n1\n', 'a.csv');
    await db().query(`update upload set state = 'receiving' where id = $1`, [id]);

    const { body } = await inspect(id).expect(409);

    expect(body).toMatchObject({ code: 'invalid_state' });
  });

  it('are refused, to be asked for again, while too many are worked on', async () => {
    const rows = Array.from({ length: 50_000 }, (_, n) => `${n};1.234,5;31.12.2025\n`).join('');
    const id = await anUpload(`a;b;c\n${rows}`, 'a.csv');

    const answers = await Promise.all(Array.from({ length: 12 }, () => inspect(id)));

    const [refused] = answers.filter(({ status }) => status !== 200);
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(refused?.status).toBe(503);
    expect(refused?.headers['retry-after']).toBe('1');
    await inspect(id).expect(200);
  });

  async function anUpload(content: string | Buffer, name: string): Promise<string> {
    const { body } = await as()
      .post(`/v1/uploads?file_name=${encodeURIComponent(name)}`)
      .type('application/octet-stream')
      .serialize((bytes: unknown) => bytes as string)
      .send(Buffer.from(content as string) as unknown as string)
      .expect(201);
    return (body as { id: string }).id;
  }

  function inspect(id: string, told: object = {}, key?: string) {
    return as(key).post(`/v1/uploads/${id}/inspect`).send(told);
  }
});

/** Sheets with a name over a seven, by their names. */
async function aWorkbook(sheets: Record<string, string>): Promise<Buffer> {
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packed = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const names = Object.keys(sheets);
  const list = names.map((name, n) => `<sheet name="${name}" sheetId="${n + 1}" r:id="r${n}"/>`);
  const relations = names.map(
    (_, n) => `<Relationship Id="r${n}" Type="${office}/worksheet" Target="sheet${n}.xml"/>`,
  );
  const zip = new ZipFile();
  const add = (path: string, xml: string) => zip.addBuffer(Buffer.from(xml), path);
  add('[Content_Types].xml', '<Types/>');
  add(
    '_rels/.rels',
    `<Relationships xmlns="${packed}"><Relationship Id="r" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  );
  add(
    'xl/workbook.xml',
    `<workbook ${main} xmlns:r="${office}"><sheets>${list.join('')}</sheets></workbook>`,
  );
  add(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${packed}">${relations.join('')}</Relationships>`,
  );
  Object.values(sheets).forEach((name, n) => {
    const header = `<row r="1"><c t="inlineStr"><is><t>${name}</t></is></c></row>`;
    add(
      `xl/sheet${n}.xml`,
      `<worksheet ${main}><sheetData>${header}<row r="2"><c><v>7</v></c></row></sheetData></worksheet>`,
    );
  });
  zip.end();
  return buffer(zip.outputStream);
}
