import { textTypeOf } from './text-type.js';

/** What a file is by its first bytes. */
export interface DetectedType {
  /** A MIME type; `application/octet-stream` for what nobody knows. */
  type: string;
  family: Family;
  /** With its article, to go into “but it is …”. */
  words: string;
}

export type Family =
  | 'text'
  | 'workbook'
  | 'old-office'
  | 'document'
  | 'pdf'
  | 'image'
  | 'gzip'
  | 'zip'
  | 'archive'
  | 'database'
  | 'executable'
  | 'unknown';

/** How much of a file is needed to tell. */
export const headBytes = 4096;

/**
 * Tells what a file is by its first bytes, which have to be all of them or at least `headBytes`.
 *
 * A table of our own: it knows what people send to be imported or attached, and a library that knows
 * everything would still need the words and the families.
 */
export function detectType(head: Buffer): DetectedType {
  const found = magics.find(({ fits }) => fits(head));
  if (found) return { type: found.type, family: found.family, words: found.words };
  const text = textTypeOf(head);
  return text ? { ...text, family: 'text' } : unknown;
}

const unknown: DetectedType = {
  type: 'application/octet-stream',
  family: 'unknown',
  words: 'something that is not known here',
};

interface Magic extends DetectedType {
  fits: (head: Buffer) => boolean;
}

const magic = (
  type: string,
  family: Family,
  words: string,
  fits: (head: Buffer) => boolean,
): Magic => ({ type, family, words, fits });

const begins =
  (...octets: number[]) =>
  (head: Buffer): boolean =>
    octets.every((octet, at) => head[at] === octet);

const beginsText =
  (text: string) =>
  (head: Buffer): boolean =>
    head.subarray(0, text.length).equals(Buffer.from(text, 'latin1'));

const contains = (head: Buffer, text: string, within = headBytes): boolean =>
  head.subarray(0, within).includes(text, 0, 'latin1');

const isZip = begins(0x50, 0x4b, 0x03, 0x04);
const isOoxml = (head: Buffer): boolean => isZip(head) && contains(head, '[Content_Types].xml');

/** The first that fits counts. */
const magics: readonly Magic[] = [
  magic(
    'application/x-executable',
    'executable',
    'a program for Linux',
    begins(0x7f, 0x45, 0x4c, 0x46),
  ),
  magic(
    'application/vnd.microsoft.portable-executable',
    'executable',
    'a program for Windows',
    isPe,
  ),
  magic('application/x-mach-binary', 'executable', 'a program for macOS', isMachO),
  magic('application/pdf', 'pdf', 'a PDF document', (head) =>
    /^[^,;\t|]{0,1019}%PDF-/.test(head.toString('latin1', 0, 1024)),
  ),
  magic(
    'image/png',
    'image',
    'a PNG image',
    begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  ),
  magic('image/jpeg', 'image', 'a JPEG image', begins(0xff, 0xd8, 0xff)),
  magic('image/gif', 'image', 'a GIF image', (head) =>
    /^GIF8[79]a/.test(head.toString('latin1', 0, 6)),
  ),
  magic(
    'image/webp',
    'image',
    'a WebP image',
    (head) => beginsText('RIFF')(head) && head.toString('latin1', 8, 12) === 'WEBP',
  ),
  magic(
    'image/tiff',
    'image',
    'a TIFF image',
    (head) => begins(0x49, 0x49, 0x2a, 0)(head) || begins(0x4d, 0x4d, 0, 0x2a)(head),
  ),
  magic('image/heic', 'image', 'a HEIC image', (head) =>
    /^ftyp(?:hei|hev|mif1|avif)/.test(head.toString('latin1', 4, 12)),
  ),
  magic(
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'workbook',
    'an Excel workbook',
    (head) => isZip(head) && contains(head, 'xl/'),
  ),
  magic(
    'application/vnd.oasis.opendocument.spreadsheet',
    'workbook',
    'an OpenDocument spreadsheet',
    (head) => isZip(head) && contains(head, 'application/vnd.oasis.opendocument.spreadsheet', 200),
  ),
  magic(
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'document',
    'a Word document',
    (head) => isOoxml(head) && contains(head, 'word/'),
  ),
  magic(
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'document',
    'a PowerPoint presentation',
    (head) => isOoxml(head) && contains(head, 'ppt/'),
  ),
  magic(
    'application/zip',
    'zip',
    'a ZIP archive',
    (head) => isZip(head) || begins(0x50, 0x4b, 0x05, 0x06)(head),
  ),
  magic('application/gzip', 'gzip', 'a gzip file', begins(0x1f, 0x8b)),
  magic(
    'application/x-ole-storage',
    'old-office',
    'an old Office file (.xls, .doc) or one with a password',
    begins(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
  ),
  magic(
    'application/x-7z-compressed',
    'archive',
    'a 7z archive',
    begins(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c),
  ),
  magic(
    'application/vnd.rar',
    'archive',
    'a RAR archive',
    begins(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07),
  ),
  magic('application/x-bzip2', 'archive', 'a bzip2 file', (head) =>
    /^BZh[1-9]1AY&SY/.test(head.toString('latin1', 0, 10)),
  ),
  magic('application/zstd', 'archive', 'a Zstandard file', begins(0x28, 0xb5, 0x2f, 0xfd)),
  magic('application/x-xz', 'archive', 'an xz file', begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)),
  magic(
    'application/x-tar',
    'archive',
    'a tar archive',
    (head) => head.toString('latin1', 257, 262) === 'ustar',
  ),
  magic(
    'application/vnd.apache.parquet',
    'database',
    'a Parquet file',
    (head) => beginsText('PAR1')(head) && head.includes(0),
  ),
  magic('application/avro', 'database', 'an Avro file', begins(0x4f, 0x62, 0x6a, 0x01)),
  magic(
    'application/vnd.sqlite3',
    'database',
    'an SQLite database',
    beginsText('SQLite format 3\0'),
  ),
];

/** “MZ” alone may be the first column of a CSV; the header it points to may not. */
function isPe(head: Buffer): boolean {
  if (!beginsText('MZ')(head) || head.length < 0x40) return false;
  const at = head.readUInt32LE(0x3c);
  return head.toString('latin1', at, at + 4) === 'PE\0\0';
}

function isMachO(head: Buffer): boolean {
  if (head.length < 4) return false;
  return [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(head.readUInt32BE(0));
}
