import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { WorkbookDamaged } from './xlsx.errors.js';

/**
 * Reads one part of a workbook, buffer by buffer, as well-formed XML and nothing else.
 *
 * Entities are not declared in workbooks, so a document type is refused and nothing is ever expanded. Memory: one
 * tag or text, up to the limit. Throws WorkbookDamaged, and whatever the handler throws.
 */
export class XmlPart {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private decoder: TextDecoder | undefined;
  private depth = 0;
  /** Bytes since the parser last had something to tell. */
  private silentBytes = 0;

  constructor(
    private readonly part: string,
    private readonly handler: XmlHandler,
    private readonly tokenLimit: number,
  ) {
    this.parser.on('error', (error) => this.refuse(`is not well-formed XML: ${error.message}`));
    this.parser.on('doctype', () => this.refuse('has a document type, as no workbook has.'));
    this.parser.on('opentag', ({ name, attributes }) => {
      this.silentBytes = 0;
      if (++this.depth > MAX_DEPTH) this.refuse('is nested too deeply.');
      handler.open(localName(name), attributes, this.depth);
    });
    this.parser.on('closetag', ({ name }) => {
      this.silentBytes = 0;
      handler.close(localName(name), this.depth--);
    });
    this.parser.on('text', (text) => this.read(text));
    this.parser.on('cdata', (text) => this.read(text));
  }

  push(bytes: Buffer): void {
    this.silentBytes += bytes.length;
    this.decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
    this.write(this.decode(bytes));
    if (this.silentBytes > this.tokenLimit) {
      this.refuse(`has a tag or text of more than ${this.tokenLimit} bytes.`);
    }
  }

  end(): void {
    this.write(this.decode());
    this.parser.close();
  }

  private read(text: string): void {
    this.silentBytes = 0;
    this.handler.text(text);
  }

  private write(text: string): void {
    if (text !== '') this.parser.write(text);
  }

  private decode(bytes?: Buffer): string {
    try {
      return this.decoder?.decode(bytes, { stream: bytes !== undefined }) ?? '';
    } catch {
      return this.refuse('is not in the encoding that it announces.');
    }
  }

  private refuse(reason: string): never {
    throw new WorkbookDamaged(this.part, reason);
  }
}

export interface XmlHandler {
  /** The name is without its prefix; `depth` is 1 for the root. */
  open(name: string, attributes: XmlAttributes, depth: number): void;
  close(name: string, depth: number): void;
  text(text: string): void;
}

export type XmlAttributes = Record<string, string | undefined>;

const MAX_DEPTH = 256;

/** UTF-8, unless a byte order mark says otherwise. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
