import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ZipFile } from 'yazl';
import { csvHeader, csvRows } from '../lib/csv-rows.mts';

/** The rows of `csvRows`, written in other ways. */

export async function writeNdjson(path: string, rows: number): Promise<void> {
  await pipeline(Readable.from(ndjson(rows)), createWriteStream(path));
}

export async function writeGzip(path: string, rows: number): Promise<void> {
  await pipeline(Readable.from(csv(rows)), createGzip(), createWriteStream(path));
}

export async function writeLatin1(path: string, rows: number): Promise<void> {
  await pipeline(Readable.from(inLatin1(rows)), createWriteStream(path));
}

/** A workbook with one sheet and the texts where they stand, as programs that stream write it. */
export async function writeXlsx(path: string, rows: number): Promise<void> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name);
  zip.addReadStream(Readable.from(sheet(rows)), 'xl/worksheets/sheet1.xml');
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

function* csv(rows: number): Generator<Buffer> {
  yield Buffer.from(csvHeader);
  yield* csvRows({ rows });
}

function* inLatin1(rows: number): Generator<Buffer> {
  for (const bytes of csv(rows)) {
    // The only letters that windows-1252 lacks are those of Łódź.
    yield Buffer.from(bytes.toString('utf8').replaceAll('Łódź', 'Gera'), 'latin1');
  }
}

function* ndjson(rows: number): Generator<string> {
  const names = csvHeader.trim().split(',');
  for (const fields of recordsOf(rows)) {
    const record = names.map((name, place) => {
      const value = fields[place] ?? '';
      return [name, typed(name, value)] as const;
    });
    yield `${JSON.stringify(Object.fromEntries(record))}\n`;
  }
}

function typed(name: string, value: string): unknown {
  if (name === 'active') return value === 'true';
  return ['id', 'amount', 'quantity'].includes(name) ? Number(value) : value;
}

function* recordsOf(rows: number): Generator<string[]> {
  for (const bytes of csvRows({ rows })) {
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    for (const line of lines) yield line.split(',');
  }
}

function* sheet(rows: number): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${main}"><sheetData>`;
  yield rowOf(1, csvHeader.trim().split(','));
  let number = 1;
  for (const fields of recordsOf(rows)) yield rowOf(++number, fields);
  yield '</sheetData></worksheet>';
}

function rowOf(number: number, fields: readonly string[]): string {
  const cells = fields.map((text, place) => {
    const at = `${String.fromCodePoint(65 + place)}${number}`;
    return /^-?\d+(\.\d+)?$/.test(text)
      ? `<c r="${at}"><v>${text}</v></c>`
      : `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
  });
  return `<row r="${number}">${cells.join('')}</row>`;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const sheets = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const parts = {
  '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheets}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${sheets}.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};
