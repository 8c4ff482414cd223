import { SharedTextsTooLarge } from './xlsx.errors.js';
import { textOfCell } from './text-of-cell.js';
import { type XmlAttributes, type XmlHandler, XmlPart } from './xml-part.js';

/**
 * Reads the texts that cells share, each as a JSON string, into memory: cells refer to them in any order.
 *
 * Rich text is the text of its runs; what helps to pronounce it is left out. Throws SharedTextsTooLarge as
 * soon as they need more memory than is allowed, and WorkbookDamaged.
 */
export async function readSharedStrings(
  part: string,
  bytes: AsyncIterable<Buffer>,
  { maxBytes, tokenLimit }: { maxBytes: number; tokenLimit: number },
): Promise<string[]> {
  const reader = new SharedStringsReader(maxBytes);
  const xml = new XmlPart(part, reader, tokenLimit);
  for await (const chunk of bytes) xml.push(chunk);
  xml.end();
  return reader.texts;
}

class SharedStringsReader implements XmlHandler {
  readonly texts: string[] = [];
  private readonly run = new TextRuns();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  open(name: string, _attributes: XmlAttributes, depth: number): void {
    if (depth === ITEM_DEPTH && name === 'si') this.run.begin();
    else this.run.open(name);
  }

  close(name: string, depth: number): void {
    if (depth !== ITEM_DEPTH || name !== 'si') {
      this.run.close(name);
      return;
    }
    const text = JSON.stringify(textOfCell(this.run.text));
    this.bytes += STRING_BYTES + (WIDE.test(text) ? 2 : 1) * text.length;
    this.checkSize(0);
    this.texts.push(text);
  }

  text(text: string): void {
    this.run.add(text);
    this.checkSize(this.run.text.length);
  }

  private checkSize(unfinished: number): void {
    if (this.bytes + unfinished > this.maxBytes) throw new SharedTextsTooLarge(this.maxBytes);
  }
}

/** Collects the text of `t` elements, in runs or not, but for those that tell the pronunciation. */
export class TextRuns {
  text = '';
  private isInText = false;
  private isPhonetic = false;

  begin(): void {
    this.text = '';
    this.isInText = false;
    this.isPhonetic = false;
  }

  open(name: string): void {
    if (name === 't') this.isInText = true;
    else if (name === 'rPh') this.isPhonetic = true;
  }

  close(name: string): void {
    if (name === 't') this.isInText = false;
    else if (name === 'rPh') this.isPhonetic = false;
  }

  add(text: string): void {
    if (this.isInText && !this.isPhonetic) this.text += text;
  }
}

const ITEM_DEPTH = 2;
/** What V8 needs for a string and a place in an array, besides its characters. */
const STRING_BYTES = 32;
/** A character that makes V8 keep two bytes for each. */
const WIDE = /[^\0-\xff]/;
