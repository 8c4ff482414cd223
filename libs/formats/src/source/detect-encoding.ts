import { isAscii, isUtf8 } from 'node:buffer';
import type { SourceEncoding } from '@offload/contracts';

/**
 * Tells the encoding of a text from pieces of it, the first of which is its beginning.
 *
 * A byte order mark is certain, and so nearly are the patterns of UTF-16 and of UTF-8. Text that is neither
 * is taken for Windows-1252, with a confidence that says how much its letters look like words. Text in plain
 * ASCII is UTF-8 as far as anybody can tell: what is behind the pieces may be otherwise.
 */
export function detectEncoding(pieces: readonly Buffer[], told?: SourceEncoding): DetectedEncoding {
  const head = pieces[0] ?? Buffer.alloc(0);
  const marked = BYTE_ORDER_MARKS.find(({ bytes }) => bytes.equals(head.subarray(0, bytes.length)));
  if (told !== undefined) {
    return { encoding: told, bom: marked?.encoding === told, confidence: 1 };
  }
  if (marked) return { encoding: marked.encoding, bom: true, confidence: 1 };
  return { ...(detectUtf16(head) ?? detectBytewise(pieces)), bom: false };
}

export interface DetectedEncoding {
  encoding: SourceEncoding;
  bom: boolean;
  /** From 0 to 1. */
  confidence: number;
}

type Guess = Omit<DetectedEncoding, 'bom'>;

const BYTE_ORDER_MARKS: { encoding: SourceEncoding; bytes: Buffer }[] = [
  { encoding: 'utf-8', bytes: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', bytes: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', bytes: Buffer.from([0xfe, 0xff]) },
];

/**
 * In UTF-16 every delimiter, digit, blank and line break is a byte of ASCII beside a zero, always on the
 * same side. In other encodings zero bytes are rare and on no side; a few of them in good UTF-8 are a mistake.
 */
function detectUtf16(head: Buffer): Guess | undefined {
  const end = head.length - (head.length % 2);
  const zeros = { even: 0, odd: 0 };
  const letters = { even: 0, odd: 0 };
  for (let at = 0; at < end; at += 2) {
    const even = head[at] ?? 0;
    const odd = head[at + 1] ?? 0;
    if (even === 0) zeros.even++;
    if (odd === 0) zeros.odd++;
    if (odd === 0 && isTextByte(even)) letters.even++;
    if (even === 0 && isTextByte(odd)) letters.odd++;
  }
  const isLittleEndian = zeros.odd > zeros.even;
  const found = isLittleEndian ? zeros.odd : zeros.even;
  const others = isLittleEndian ? zeros.even : zeros.odd;
  const plain = isLittleEndian ? letters.even : letters.odd;
  const share = found / Math.max(end / 2, 1);
  if (share < 0.05 || others > found * 0.05 || plain < found * 0.5) return undefined;
  if (share < 0.3 && isUtf8(head)) return undefined;
  const encoding = isLittleEndian ? 'utf-16le' : 'utf-16be';
  return { encoding, confidence: Math.min(0.98, 0.75 + share / 2) };
}

function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte < 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function detectBytewise(pieces: readonly Buffer[]): Guess {
  const whole = pieces.map((piece, index) => atCharacters(piece, index > 0));
  if (whole.every((piece) => isAscii(piece))) return { encoding: 'utf-8', confidence: 0.8 };
  if (whole.every((piece) => isUtf8(piece))) return { encoding: 'utf-8', confidence: 0.99 };
  const { characters, strays } = countUtf8(Buffer.concat(whole));
  if (characters >= strays) {
    return { encoding: 'utf-8', confidence: 0.95 * (characters / (characters + strays)) };
  }
  return { encoding: 'windows-1252', confidence: plausibility(pieces) };
}

/** A piece may begin and end within a character of UTF-8. */
function atCharacters(piece: Buffer, isCutOut: boolean): Buffer {
  let from = 0;
  const cutBytes = isCutOut ? 3 : 0;
  while (from < cutBytes && isContinuation(piece[from])) from++;
  let to = piece.length;
  while (to > piece.length - 3 && isContinuation(piece[to - 1])) to--;
  const lead = piece[to - 1] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return piece.subarray(from, to - 1 + length > piece.length ? to - 1 : piece.length);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0;
}

/** How many characters of several bytes there are, and how many bytes that belong to none. */
function countUtf8(bytes: Buffer): { characters: number; strays: number } {
  let characters = 0;
  let strays = 0;
  const text = bytes.toString('utf8');
  for (const [found] of text.matchAll(/[^\0-\x7f]/gu)) {
    if (found === '\uFFFD') strays++;
    else characters++;
  }
  return { characters, strays };
}

/**
 * In the languages of western Europe one or two letters with accents, or signs, stand between letters without
 * any. Whole words of them are another encoding.
 */
function plausibility(pieces: readonly Buffer[]): number {
  let plausible = 0;
  let all = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at++) {
      const start = at;
      let isDefined = true;
      while ((piece[at] ?? 0) >= 0x80) isDefined = !UNDEFINED.has(piece[at++] ?? 0) && isDefined;
      const length = at - start;
      all += length;
      if (isDefined && length <= 2) plausible += length;
    }
  }
  return 0.2 + 0.7 * (plausible / Math.max(all, 1));
}

const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
