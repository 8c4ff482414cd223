/** What the first bytes of a file say it is, in words for people; text says nothing. */
export function sniffContent(head: Buffer): SniffedContent {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  const latin1 = head.subarray(0, SNIFFED_BYTES).toString('latin1');
  if (ZIP.some((signature) => latin1.startsWith(signature))) return { kind: 'zip' };
  if (latin1.startsWith(COMPOUND)) return { kind: 'compound' };
  const other = OTHERS.find(({ signatures, at = 0 }) =>
    signatures.some((signature) => latin1.startsWith(signature, at)),
  );
  return other ? { kind: 'other', name: other.name } : { kind: 'text' };
}

export type SniffedContent =
  | { kind: 'gzip' | 'zip' | 'text' }
  /** What Excel wrote before 2007, and writes when there is a password. */
  | { kind: 'compound' }
  | { kind: 'other'; name: string };

/** Enough for the signature of tar, which stands behind the name of its first file. */
export const SNIFFED_BYTES = 512;

const ZIP = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];
const COMPOUND = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';

/** What a file begins with, one character for each byte. */
const OTHERS: { name: string; signatures: string[]; at?: number }[] = [
  { name: 'a 7z archive', signatures: ['7z\xbc\xaf\x27\x1c'] },
  { name: 'a RAR archive', signatures: ['Rar!\x1a\x07'] },
  { name: 'an xz file', signatures: ['\xfd7zXZ\0'] },
  { name: 'a bzip2 file', signatures: ['1AY&SY', '\x17rE8P\x90'], at: 4 },
  { name: 'a Zstandard file', signatures: ['\x28\xb5\x2f\xfd'] },
  { name: 'a tar archive', signatures: ['ustar\0', 'ustar '], at: 257 },
  { name: 'a Parquet file', signatures: ['PAR1\x15'] },
  { name: 'an Avro file', signatures: ['Obj\x01'] },
  { name: 'an SQLite database', signatures: ['SQLite format 3\0'] },
  { name: 'a PDF document', signatures: ['%PDF-1.', '%PDF-2.'] },
  { name: 'a picture', signatures: ['\x89PNG\r\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a'] },
  { name: 'a program', signatures: ['\x7fELF', 'MZ\x90\0', '\xca\xfe\xba\xbe'] },
];
