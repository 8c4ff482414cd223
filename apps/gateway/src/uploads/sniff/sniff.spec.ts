import { deflateRawSync, gzipSync } from 'node:zlib';
import { detectType, headBytes } from './detect-type.js';
import { refusalOf } from './refuse-type.js';

const zip = (...names: string[]) =>
  Buffer.concat(
    names.map((name) => {
      const head = Buffer.alloc(30);
      head.writeUInt32LE(0x04034b50, 0);
      head.writeUInt16LE(Buffer.byteLength(name), 26);
      return Buffer.concat([head, Buffer.from(name), deflateRawSync('x')]);
    }),
  );
const pe = () => {
  const bytes = Buffer.alloc(0x100);
  bytes.write('MZ');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80, 'latin1');
  return bytes;
};
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const files = {
  csv: Buffer.from('id,name\n1,Ada\n2,Zoë\n'),
  latin1: Buffer.from('id;name\n1;Zo\xeb\n', 'latin1'),
  utf16: Buffer.from('\ufeffid\tname\n1\tAda\n', 'utf16le'),
  prose: Buffer.from('Dear all,\nthis is no table.\n'),
  json: Buffer.from('[{"id": 1}]'),
  ndjson: Buffer.from('{"id": 1}\n{"id": 2}\n'),
  html: Buffer.from('<!DOCTYPE html><html>'),
  pdf: Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
  csvAboutPdf: Buffer.from('id,begins with\n1,%PDF-1.7\n'),
  csvOfMegahertz: Buffer.from(`MZ,value\n${'1,2\n'.repeat(40)}`),
  png,
  jpeg: Buffer.from('ffd8ffe000104a464946', 'hex'),
  gif: Buffer.from('GIF89a'),
  gzip: gzipSync('id,name\n'),
  zip: zip('people.csv'),
  xlsx: zip('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml'),
  docx: zip('[Content_Types].xml', '_rels/.rels', 'word/document.xml'),
  ods: Buffer.concat([
    zip('mimetype').subarray(0, 38),
    Buffer.from('application/vnd.oasis.opendocument.spreadsheet'),
  ]),
  xls: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  sevenZip: Buffer.from('377abcaf271c0004', 'hex'),
  rar: Buffer.from('526172211a0700', 'hex'),
  bzip2: Buffer.from('BZh91AY&SY'),
  zstd: Buffer.from('28b52ffd24', 'hex'),
  xz: Buffer.from('fd377a585a00', 'hex'),
  parquet: Buffer.from('PAR1\x15\0\x15', 'latin1'),
  avro: Buffer.from('Obj\x01', 'latin1'),
  sqlite: Buffer.from('SQLite format 3\0', 'latin1'),
  elf: Buffer.from('7f454c4602010100', 'hex'),
  exe: pe(),
  noise: Buffer.from(Array.from({ length: headBytes }, (_, at) => (at * 7919) % 251)),
};
type Name = keyof typeof files;

describe(detectType, () => {
  it.each<[Name, string]>([
    ['csv', 'text/csv'],
    ['latin1', 'text/csv'],
    ['utf16', 'text/csv'],
    ['prose', 'text/plain'],
    ['json', 'application/json'],
    ['ndjson', 'application/json'],
    ['html', 'text/html'],
    ['pdf', 'application/pdf'],
    ['csvAboutPdf', 'text/csv'],
    ['csvOfMegahertz', 'text/csv'],
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['gif', 'image/gif'],
    ['gzip', 'application/gzip'],
    ['zip', 'application/zip'],
    ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['ods', 'application/vnd.oasis.opendocument.spreadsheet'],
    ['xls', 'application/x-ole-storage'],
    ['sevenZip', 'application/x-7z-compressed'],
    ['rar', 'application/vnd.rar'],
    ['bzip2', 'application/x-bzip2'],
    ['zstd', 'application/zstd'],
    ['xz', 'application/x-xz'],
    ['parquet', 'application/vnd.apache.parquet'],
    ['avro', 'application/avro'],
    ['sqlite', 'application/vnd.sqlite3'],
    ['elf', 'application/x-executable'],
    ['exe', 'application/vnd.microsoft.portable-executable'],
    ['noise', 'application/octet-stream'],
  ])('knows %s as %s', (name, type) => {
    expect(detectType(files[name]).type).toBe(type);
  });
});

describe(refusalOf, () => {
  it.each<[string | null, Name]>([
    ['text/csv', 'csv'],
    ['text/csv; charset=utf-16', 'utf16'],
    ['text/csv', 'json'],
    ['text/csv', 'gzip'],
    ['text/csv', 'noise'],
    ['application/vnd.ms-excel', 'csv'],
    ['application/vnd.ms-excel', 'xls'],
    ['application/json', 'csv'],
    ['application/zip', 'xlsx'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'zip'],
    ['image/jpeg', 'png'],
    ['application/pdf', 'pdf'],
    ['application/octet-stream', 'pdf'],
    ['application/x-www-form-urlencoded', 'png'],
    ['application/vnd.something', 'zip'],
    [null, 'sqlite'],
  ])('takes what says it is %s and is %s', (declared, name) => {
    expect(refusalOf(declared, detectType(files[name]))).toBeUndefined();
  });

  it.each<[string | null, Name, string]>([
    ['text/csv', 'pdf', 'The file says it is CSV, but it is a PDF document.'],
    ['Text/CSV; header=present', 'xlsx', 'The file says it is CSV, but it is an Excel workbook.'],
    ['application/json', 'png', 'The file says it is JSON, but it is a PNG image.'],
    ['text/plain', 'sevenZip', 'The file says it is text, but it is a 7z archive.'],
    ['application/gzip', 'csv', 'The file says it is a gzip file, but it is a table in text.'],
    ['image/png', 'noise', 'The file says it is an image, but it does not begin like one.'],
    ['application/pdf', 'html', 'The file says it is a PDF document, but it is an HTML page.'],
    [
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'xls',
      'The file says it is an Excel workbook, but it is an old Office file (.xls, .doc) or one with a password.',
    ],
    [
      'application/octet-stream',
      'exe',
      'The file is a program for Windows, and programs are not taken.',
    ],
    [null, 'elf', 'The file is a program for Linux, and programs are not taken.'],
  ])('refuses what says it is %s and is %s', (declared, name, sentence) => {
    expect(refusalOf(declared, detectType(files[name]))).toBe(sentence);
  });
});
