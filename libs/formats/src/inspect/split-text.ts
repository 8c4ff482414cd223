import { finder } from '../csv/finder.js';

/** How the fields of a text are written. */
export interface TextStyle {
  /** One character. */
  delimiter: string;
  /** `null` when nothing is quoted. */
  quote: string | null;
  /** Before a quote inside a quoted field; `null` when the quote is doubled. */
  escape: string | null;
  /** What ends a record: LF, with or without a CR before it, or CR alone. */
  newline: '\n' | '\r';
}

/**
 * Splits a text into records in any style, to see what a style makes of it.
 *
 * The rules are those of RecordScanner, with any quote, and with a character in front of quotes instead of a
 * doubled quote: what is detected with them is read the same by those who read the whole file. A record that
 * the end of the text cuts off is left out, unless the text is all there is.
 */
export function splitText(
  text: string,
  style: TextStyle,
  { isWhole }: { isWhole: boolean },
): Split {
  const splitter = new Splitter(text, style);
  const records: TextRecord[] = [];
  const found: Split = { records, quotedFields: 0, strayQuotes: 0, openQuotes: 0 };
  let line = 1;
  let isLineByLine = false;
  for (let from = 0; from < text.length;) {
    let record = splitter.read(from, isLineByLine ? splitter.lineEnd(from) : text.length);
    if (record.isOpen && !isLineByLine) {
      // Its quote may be closed behind the end of the sample, so that nothing can be told of it.
      if (!isWhole) break;
      isLineByLine = true;
      record = splitter.read(from, splitter.lineEnd(from));
    }
    if (record.isCut && !isWhole) break;
    const lines = splitter.linesBetween(from, record.to);
    if (record.contentEnd > from) records.push({ fields: record.fields, line, lines });
    found.quotedFields += record.quotedFields;
    found.strayQuotes += record.strayQuotes;
    found.openQuotes += record.isOpen ? 1 : 0;
    line += lines;
    from = record.to;
  }
  return found;
}

export interface Split {
  records: TextRecord[];
  /** Fields that a quote opens and another one closes. */
  quotedFields: number;
  /** Quotes inside quoted fields that neither close them nor are doubled. */
  strayQuotes: number;
  /** Quotes that are never closed. */
  openQuotes: number;
}

/** Any record, from whatever format it was read. */
export interface TextRecord {
  fields: readonly (string | null)[];
  /** The physical line on which it begins, counted from 1; of a sheet, the row. */
  line: number;
  lines: number;
}

interface FoundRecord {
  fields: (string | null)[];
  contentEnd: number;
  to: number;
  quotedFields: number;
  strayQuotes: number;
  isOpen: boolean;
  /** No line break was found behind it. */
  isCut: boolean;
}

class Splitter {
  private readonly nextDelimiter: (at: number) => number;
  private readonly nextNewline: (at: number) => number;

  constructor(
    private readonly text: string,
    private readonly style: TextStyle,
  ) {
    this.nextDelimiter = finder(text, style.delimiter);
    this.nextNewline = finder(text, style.newline);
  }

  read(from: number, end: number): FoundRecord {
    const { text } = this;
    const { delimiter, quote } = this.style;
    const fields: (string | null)[] = [];
    let quotedFields = 0;
    let strayQuotes = 0;
    let at = from;
    for (;;) {
      if (quote !== null && at < end && text[at] === quote) {
        const closing = this.closing(at + 1, end);
        strayQuotes += closing.strays;
        fields.push(closing.value);
        if (closing.at === undefined) {
          const counts = { quotedFields, strayQuotes, isOpen: true, isCut: true };
          return { fields, contentEnd: end, to: this.afterLine(end), ...counts };
        }
        quotedFields++;
        at = closing.at + 1;
      } else {
        const to = this.fieldEnd(at, end);
        fields.push(to === at ? null : text.slice(at, to));
        at = to;
      }
      if (at < end && text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      const isCut = this.nextNewline(at) === text.length;
      const counts = { quotedFields, strayQuotes, isOpen: false, isCut };
      return { fields, contentEnd: at, to: this.afterLine(this.nextNewline(at)), ...counts };
    }
  }

  lineEnd(from: number): number {
    return this.nextNewline(from);
  }

  linesBetween(from: number, to: number): number {
    let lines = 0;
    for (let at = from; at < to; at = this.lineEnd(at) + 1) lines++;
    return lines;
  }

  private afterLine(end: number): number {
    return Math.min(end + 1, this.text.length);
  }

  private fieldEnd(from: number, end: number): number {
    const newlineAt = Math.min(this.nextNewline(from), end);
    const delimiterAt = this.nextDelimiter(from);
    if (delimiterAt < newlineAt) return delimiterAt;
    const last = newlineAt - 1;
    const hasCr = this.style.newline === '\n' && last >= from && this.text[last] === '\r';
    return hasCr ? last : newlineAt;
  }

  /** Where the quoted field ends whose text begins at `from`; `at` is undefined when it is never closed. */
  private closing(from: number, end: number): { value: string; at?: number; strays: number } {
    const { text } = this;
    const { quote, escape } = this.style;
    let strays = 0;
    let value = '';
    let copied = from;
    for (let at = from; at < end; at++) {
      if (escape !== null && text[at] === escape && at + 1 < end) {
        value += text.slice(copied, at);
        copied = at + 1;
        at++;
      } else if (text[at] === quote) {
        if (text[at + 1] === quote && at + 1 < end) {
          value += text.slice(copied, at);
          copied = at + 1;
          at++;
        } else if (this.isFieldEnd(at + 1, end)) {
          return { value: value + text.slice(copied, at), at, strays };
        } else {
          strays++;
        }
      }
    }
    return { value: value + text.slice(copied, end), strays };
  }

  private isFieldEnd(at: number, end: number): boolean {
    const { delimiter, newline } = this.style;
    if (at >= end || this.text[at] === newline || this.text.startsWith(delimiter, at)) return true;
    return this.text[at] === '\r' && (at + 1 >= end || this.text[at + 1] === newline);
  }
}
