import { isAscii } from 'node:buffer';
import type { SourceEncoding } from '@offload/contracts';
import { UNREADABLE } from '../csv/marks.js';

/**
 * Turns text of any encoding into UTF-8, buffer by buffer; a byte order mark stays where it is.
 *
 * UTF-8 passes as it is, ill-formed bytes too, for the record that contains them to be rejected. What has no
 * meaning in another encoding (half a surrogate pair, an undefined byte) becomes a byte that no UTF-8 text
 * contains, so that it too is reported for its record, and never turned into something that looks like data.
 */
export async function* decodeText(
  input: AsyncIterable<Buffer>,
  encoding: SourceEncoding,
): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* input;
    return;
  }
  const decoder = encoding === 'windows-1252' ? new Windows1252() : new Utf16(encoding);
  for await (const bytes of input) {
    const text = decoder.decode(bytes);
    if (text.length > 0) yield text;
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}

/** Leaves out the byte order mark at the beginning of UTF-8. */
export async function* withoutBom(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = NOTHING;
  for await (const bytes of input) {
    if (head === undefined) {
      yield bytes;
      continue;
    }
    head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
    if (head.length < BOM.length) continue;
    const rest = head.subarray(0, BOM.length).equals(BOM) ? head.subarray(BOM.length) : head;
    head = undefined;
    if (rest.length > 0) yield rest;
  }
  if (head !== undefined && head.length > 0) yield head;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOTHING = Buffer.alloc(0);

class Utf16 {
  /** A byte without its other half, or the first half of a surrogate pair. */
  private rest: Buffer = NOTHING;

  constructor(private readonly encoding: 'utf-16le' | 'utf-16be') {}

  decode(bytes: Buffer): Buffer {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let end = all.length - (all.length % 2);
    if (end > 0 && isHighSurrogate(this.unitAt(all, end - 2))) end -= 2;
    this.rest = Buffer.from(all.subarray(end));
    return this.toUtf8(all.subarray(0, end));
  }

  end(): Buffer {
    const isOdd = this.rest.length % 2 === 1;
    const whole = this.toUtf8(this.rest.subarray(0, this.rest.length - (isOdd ? 1 : 0)));
    return isOdd ? Buffer.concat([whole, Buffer.from([UNREADABLE])]) : whole;
  }

  private toUtf8(bytes: Buffer): Buffer {
    const units = this.encoding === 'utf-16be' ? Buffer.from(bytes).swap16() : bytes;
    const text = units.toString('utf16le');
    if (text.isWellFormed()) return Buffer.from(text);
    const sound = text.split(/\p{Surrogate}/u).map((part) => Buffer.from(part));
    const mark = Buffer.from([UNREADABLE]);
    return Buffer.concat(sound.flatMap((part, index) => (index === 0 ? [part] : [mark, part])));
  }

  private unitAt(bytes: Buffer, at: number): number {
    return this.encoding === 'utf-16le' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

class Windows1252 {
  decode(bytes: Buffer): Buffer {
    if (isAscii(bytes)) return bytes;
    const text = Buffer.allocUnsafe(bytes.length * 3);
    let to = 0;
    for (const byte of bytes) {
      if (byte < 0x80) {
        text[to++] = byte;
      } else if (byte >= 0xa0) {
        text[to++] = 0xc0 | (byte >> 6);
        text[to++] = 0x80 | (byte & 0x3f);
      } else {
        const utf8 = UPPER_CONTROLS[byte - 0x80] ?? NOTHING;
        for (const each of utf8) text[to++] = each;
      }
    }
    return text.subarray(0, to);
  }

  end(): Buffer {
    return NOTHING;
  }
}

/** What Windows-1252 has from 80 to 9F, where Latin-1 has controls that nobody uses; five are undefined. */
const UPPER_CONTROLS = Array.from('€_‚ƒ„…†‡ˆ‰Š‹Œ_Ž__‘’“”•–—˜™š›œ_žŸ', (character) =>
  character === '_' ? Buffer.from([UNREADABLE]) : Buffer.from(character),
);
