import { finder } from '../csv/finder.js';
import { markOf } from '../csv/marks.js';
import type { OddDialect } from './odd-dialect.js';

/**
 * Reads single records of CSV of any dialect, out of a string of one character for each byte, and writes them
 * as canonical CSV (`,` and doubled `"`). Obeys the rules of RecordScanner and parseRecords:
 *
 * - A quote opens a field only as its first character, and closes it only before a delimiter, a line break or
 *   the end; any other is text. A doubled quote inside is one, also where there is an escape.
 * - The escape makes the quote or escape behind it text, and is text itself before anything else. Where
 *   nothing is quoted, it does so with a delimiter or a line break.
 * - A quoted value that spans lines and has single quotes inside, or that is not closed, is marked.
 */
export class OddRecordReader {
  private readonly nextDelimiter: (at: number) => number;
  private readonly nextNewline: (at: number) => number;
  private readonly nextQuote: (at: number) => number;
  private readonly nextEscape: (at: number) => number;
  private readonly nextSpecial: (at: number) => number;

  constructor(
    readonly text: string,
    private readonly dialect: OddDialect,
    private readonly unescape: Unescaper,
  ) {
    const none = () => text.length;
    this.nextDelimiter = finder(text, dialect.delimiter);
    this.nextNewline = finder(text, dialect.newline);
    this.nextQuote = dialect.quote === null ? none : finder(text, dialect.quote);
    this.nextEscape = dialect.escape === null ? none : finder(text, dialect.escape);
    const isComma = dialect.delimiter === ',';
    const special = dialect.newline === '\n' ? SPECIAL_BETWEEN_LF : SPECIAL_BETWEEN_CR;
    this.nextSpecial = finder(text, isComma ? special.butComma : special.all);
  }

  /** Where the line at `from` ends, without its line break; the end of the text when there is none. */
  lineEnd(from: number): number {
    return this.nextNewline(from);
  }

  /**
   * Reads as many lines from `from` on as have nothing that needs a closer look, all at once. Undefined when
   * the first line has, or when they are together longer than one record may be.
   */
  readSimpleLines(from: number, maxLength: number): SimpleLines | undefined {
    const { text } = this;
    const { delimiter, newline } = this.dialect;
    const special = Math.min(this.nextSpecial(from), this.nextQuote(from), this.nextEscape(from));
    const to = special === 0 ? 0 : text.lastIndexOf(newline, special - 1) + 1;
    if (to <= from || to - from > maxLength) return undefined;
    let canonical = text.slice(from, to);
    if (newline === '\n' && canonical.includes('\r'))
      canonical = canonical.replaceAll('\r\n', '\n');
    if (delimiter !== ',') canonical = canonical.replaceAll(delimiter, ',');
    return { canonical, to };
  }

  /**
   * Reads the record at `from`, as if the text ended at `end`. `isOver` says that nothing follows there; else a
   * record that reaches it has no end yet, and undefined is returned.
   */
  read(from: number, end: number, isOver: boolean): OddRecord | undefined {
    return this.readSimple(from, end) ?? this.readFields(from, end, isOver);
  }

  /** A line without any character that needs a closer look, as most are. */
  private readSimple(from: number, end: number): OddRecord | undefined {
    const newlineAt = this.nextNewline(from);
    const isSimple =
      newlineAt < end && this.nextQuote(from) >= newlineAt && this.nextEscape(from) >= newlineAt;
    if (!isSimple) return undefined;
    const line = this.text.slice(from, this.contentEnd(from, newlineAt));
    const { delimiter } = this.dialect;
    const isComma = delimiter === ',';
    if ((isComma ? SPECIAL_BUT_COMMA : SPECIAL).test(line)) return undefined;
    return {
      canonical: isComma ? line : line.replaceAll(delimiter, ','),
      isBlank: line === '',
      lines: 1,
      to: newlineAt + 1,
      isClosed: true,
    };
  }

  private readFields(from: number, end: number, isOver: boolean): OddRecord | undefined {
    const { text } = this;
    const { delimiter, quote } = this.dialect;
    const fields: string[] = [];
    let at = from;

    for (;;) {
      if (quote !== null && at < end && text.startsWith(quote, at)) {
        const start = at + quote.length;
        const closing = this.closing(start, quote, end, isOver);
        if (!closing.isFound) {
          if (!isOver) return undefined;
          const value = this.unescape.quoted(text.slice(start, closing.at));
          fields.push(writeField(UNCLOSED + value));
          return {
            canonical: fields.join(','),
            isBlank: false,
            lines: 1,
            to: end,
            isClosed: false,
          };
        }
        const raw = text.slice(start, closing.at);
        const isAmbiguous = closing.hasStray && raw.includes(this.dialect.newline);
        const value = this.unescape.quoted(raw);
        fields.push(writeField(isAmbiguous ? AMBIGUOUS + value : value));
        at = closing.at + quote.length;
      } else {
        const fieldEnd = this.fieldEnd(at, end);
        const to = fieldEnd.isDelimiter ? fieldEnd.at : this.contentEnd(at, fieldEnd.at);
        fields.push(at === to ? '' : writeField(this.unescape.unquoted(text.slice(at, to))));
        at = to;
      }
      if (at < end && text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      const newlineAt = this.nextNewline(at);
      if (newlineAt >= end && !isOver) return undefined;
      const to = Math.min(newlineAt + 1, end);
      const lines = this.countLines(from, to);
      return { canonical: fields.join(','), isBlank: at === from, lines, to, isClosed: true };
    }
  }

  /** Looks for what ends a field without quotes. */
  private fieldEnd(from: number, end: number): { at: number; isDelimiter: boolean } {
    const { delimiter, quote, escape } = this.dialect;
    for (let at = from; ;) {
      const delimiterAt = Math.min(this.nextDelimiter(at), end);
      const newlineAt = Math.min(this.nextNewline(at), end);
      const found = Math.min(delimiterAt, newlineAt);
      const escapeAt = quote === null && escape !== null ? this.nextEscape(at) : end;
      if (escapeAt >= found || escape === null) {
        return { at: found, isDelimiter: delimiterAt < newlineAt };
      }
      const behind = escapeAt + escape.length;
      at = behind + this.escapedLength(behind, delimiter, escape);
    }
  }

  private escapedLength(at: number, delimiter: string, escape: string): number {
    if (this.text.startsWith(delimiter, at)) return delimiter.length;
    if (this.text.startsWith(escape, at)) return escape.length;
    return this.text.startsWith('\r\n', at) ? 2 : 1;
  }

  /** Looks for the quote that closes a field whose text begins at `from`. */
  private closing(from: number, quote: string, end: number, isOver: boolean): Closing {
    const { text } = this;
    const { delimiter, escape } = this.dialect;
    let hasStray = false;
    for (let at = from; ;) {
      const quoteAt = this.nextQuote(at);
      const escapeAt = this.nextEscape(at);
      if (escape !== null && escapeAt < quoteAt && escapeAt < end) {
        const behind = escapeAt + escape.length;
        if (text.startsWith(quote, behind)) at = behind + quote.length;
        else at = text.startsWith(escape, behind) ? behind + escape.length : behind;
        continue;
      }
      if (quoteAt >= end) return { at: this.contentEnd(from, end), isFound: false, hasStray };
      const behind = quoteAt + quote.length;
      if (behind >= end) return { at: quoteAt, isFound: isOver, hasStray };
      if (text.startsWith(quote, behind)) {
        at = behind + quote.length;
        continue;
      }
      if (text.startsWith(delimiter, behind) || this.isLineBreak(behind, end, isOver)) {
        return { at: quoteAt, isFound: true, hasStray };
      }
      hasStray = true;
      at = behind;
    }
  }

  private isLineBreak(at: number, end: number, isOver: boolean): boolean {
    const { text } = this;
    if (text[at] === this.dialect.newline) return true;
    if (text[at] !== '\r') return false;
    return at + 1 >= end ? isOver : text[at + 1] === this.dialect.newline;
  }

  private countLines(from: number, to: number): number {
    let lines = 1;
    for (let at = this.nextNewline(from); at + 1 < to; at = this.nextNewline(at + 1)) lines++;
    return lines;
  }

  /** A CR before the LF belongs to the line break, and so does one at the very end. */
  private contentEnd(from: number, newlineAt: number): number {
    const last = newlineAt - 1;
    const hasCr = this.dialect.newline === '\n' && last >= from && this.text[last] === '\r';
    return hasCr ? last : newlineAt;
  }
}

export interface SimpleLines {
  /** With their line breaks. */
  canonical: string;
  to: number;
}

export interface OddRecord {
  /** Without a line break. */
  canonical: string;
  isBlank: boolean;
  /** How many it spans. */
  lines: number;
  /** Behind its line break. */
  to: number;
  isClosed: boolean;
}

interface Closing {
  at: number;
  isFound: boolean;
  hasStray: boolean;
}

/** Turns the text between quotes, and the text of fields without, into values. */
export class Unescaper {
  private readonly inQuotes: RegExp | undefined;
  private readonly outside: RegExp | undefined;

  constructor(private readonly dialect: OddDialect) {
    const { delimiter, quote, escape } = dialect;
    if (escape === null) return;
    const [e, d] = [literal(escape), literal(delimiter)];
    if (quote === null) {
      this.outside = new RegExp(`${e}(${d}|${e}|\\r\\n|[\\r\\n])`, 'g');
    } else {
      const q = literal(quote);
      this.inQuotes = new RegExp(`${e}(${e}|${q})|${q}(${q})`, 'g');
    }
  }

  quoted(text: string): string {
    const { quote } = this.dialect;
    if (quote === null) return text;
    if (this.inQuotes) {
      return text.replace(this.inQuotes, (_, escaped?: string, doubled?: string) => {
        return escaped ?? doubled ?? '';
      });
    }
    return text.includes(quote) ? text.replaceAll(quote + quote, quote) : text;
  }

  unquoted(text: string): string {
    return this.outside ? text.replace(this.outside, '$1') : text;
  }
}

/** A pattern that finds just this text. */
function literal(bytes: string): string {
  const hex = Buffer.from(bytes, 'latin1').toString('hex');
  return hex.replaceAll(/../g, String.raw`\x$&`);
}

const UNCLOSED = markOf('unclosed_quote').toString('latin1');
const AMBIGUOUS = markOf('ambiguous_quote').toString('latin1');
/** What makes a field need quotes, anywhere in a line. A backslash may be the end of the data for PostgreSQL. */
const SPECIAL = /[",\r\n\\]/;
const SPECIAL_BUT_COMMA = /["\r\n\\]/;
/** The same between line breaks of the file, of which a CR before an LF is a part. */
const SPECIAL_BETWEEN_LF = { all: /[",\\]|\r(?!\n)/g, butComma: /["\\]|\r(?!\n)/g };
const SPECIAL_BETWEEN_CR = { all: /[",\n\\]/g, butComma: /["\n\\]/g };

function writeField(value: string): string {
  if (value === '') return '""';
  return SPECIAL.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
