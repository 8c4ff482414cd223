import { isUtf8 } from 'node:buffer';
import { finder, NON_ASCII } from './finder.js';
import { isMarkedCode, MARK_LENGTH, markedProblem, withoutMarks } from './marks.js';
import { problem, type RecordProblem } from './record-problem.js';
import { CR, type CsvDialect, QUOTE, recordEndOf, startOf } from './dialect.js';

/**
 * Reads the records of a slice that begins and ends between two records, by the rules of RecordScanner.
 *
 * Nothing is refused: what cannot be trusted is told in `problems`, record by record. In a slice that ends
 * within quotes, each line from the one that opened the last record is read by itself, so that a quote that
 * is never closed spoils one record and not the rest.
 *
 * Yields each record but the blank lines. The texts may share memory with the slice: copy what is to outlive it.
 */
export function* parseRecords(
  slice: Buffer,
  dialect: CsvDialect,
  at: { offset: number; row: number; line: number } = startOf(dialect),
): Generator<CsvRecord> {
  const reader = new RecordReader(slice, dialect);
  let { row, line } = at;
  let from = 0;
  let isLineByLine = false;

  while (from < slice.length) {
    let found = reader.read(from, isLineByLine ? reader.lineEnd(from) : slice.length);
    if (!found.isClosed && !isLineByLine) {
      isLineByLine = true;
      found = reader.read(from, reader.lineEnd(from));
    }
    const { fields, problems, contentEnd } = found;
    const to = isLineByLine ? reader.afterLine(from) : found.to;
    const lines = isLineByLine ? 1 : reader.linesBetween(from, to);
    if (contentEnd > from) {
      const isMarked = problems.some(({ code }) => isMarkedCode(code));
      const raw = isMarked
        ? withoutMarks(slice.subarray(from, contentEnd))
        : slice.subarray(from, contentEnd);
      yield {
        row,
        line,
        lines,
        offset: at.offset + from,
        end: at.offset + to,
        fields,
        raw,
        problems,
      };
      row++;
    }
    line += lines;
    from = to;
  }
}

/** One record of a CSV file, and where it stands. */
export interface CsvRecord {
  /** Counted from 1; blank lines are not counted. */
  row: number;
  /** The physical line on which it begins, counted from 1. */
  line: number;
  /** How many physical lines it spans. */
  lines: number;
  /** Bytes from the start of the file. */
  offset: number;
  /** Exclusive, behind its line break. */
  end: number;
  /** `null` is an empty field without quotes, `''` one with quotes, as in PostgreSQL's `COPY … (format csv)`. */
  fields: (string | null)[];
  /** The bytes of the record without its line break. */
  raw: Buffer;
  /** Reasons not to trust the fields; mostly empty. */
  problems: RecordProblem[];
}

interface ReadRecord {
  fields: (string | null)[];
  problems: RecordProblem[];
  /** Where the text ends and the line break begins. */
  contentEnd: number;
  to: number;
  isClosed: boolean;
}

/**
 * Finds fields in a slice that was made a string of one character for each byte, so that positions in the
 * string are positions in the bytes and searches are native.
 */
class RecordReader {
  private readonly text: string;
  private readonly delimiterCode: number;
  private readonly newlineCode: number;
  private readonly newline: string;
  private readonly hasNul: boolean;
  private readonly isUtf8: boolean;
  /** The next of each at or behind the last place asked for. */
  private readonly nextDelimiter: (at: number) => number;
  private readonly nextNewline: (at: number) => number;
  private readonly nextQuote: (at: number) => number;
  private readonly nextNonAscii: (at: number) => number;

  constructor(
    private readonly slice: Buffer,
    dialect: CsvDialect,
  ) {
    this.text = slice.toString('latin1');
    this.delimiterCode = dialect.delimiter.charCodeAt(0);
    this.newlineCode = recordEndOf(dialect);
    this.newline = String.fromCharCode(this.newlineCode);
    this.hasNul = slice.includes(0);
    this.isUtf8 = isUtf8(slice);
    this.nextDelimiter = finder(this.text, dialect.delimiter);
    this.nextNewline = finder(this.text, this.newline);
    this.nextQuote = finder(this.text, '"');
    this.nextNonAscii = finder(this.text, NON_ASCII);
  }

  /** Reads the record that begins at `from`, as if the slice ended at `end`. */
  read(from: number, end: number): ReadRecord {
    const { text, delimiterCode } = this;
    const fields: (string | null)[] = [];
    const problems: RecordProblem[] = [];
    let at = from;

    for (;;) {
      if (at < end && text.charCodeAt(at) === QUOTE) {
        const closing = this.closing(at + 1, end);
        const to = closing.at;
        fields.push(this.quotedField(at + 1, to, problems, fields.length, closing.hasStray));
        if (!closing.isFound) {
          problems.push(problem('unclosed_quote', fields.length - 1));
          return { fields, problems, contentEnd: to, to: end, isClosed: false };
        }
        at = to + 1;
      } else {
        const delimiterAt = Math.min(this.nextDelimiter(at), end);
        const newlineAt = Math.min(this.nextNewline(at), end);
        const to = delimiterAt < newlineAt ? delimiterAt : this.contentEnd(at, newlineAt);
        fields.push(at === to ? null : this.decode(at, to, problems, fields.length));
        at = to;
      }
      if (at < end && text.charCodeAt(at) === delimiterCode) {
        at++;
        continue;
      }
      const newlineAt = Math.min(this.nextNewline(at), end);
      return { fields, problems, contentEnd: at, to: Math.min(newlineAt + 1, end), isClosed: true };
    }
  }

  /** Where the LF of the line stands, or the CR in files that have only those. */
  lineEnd(from: number): number {
    return this.nextNewline(from);
  }

  afterLine(from: number): number {
    return Math.min(this.nextNewline(from) + 1, this.text.length);
  }

  linesBetween(from: number, to: number): number {
    let lines = 1;
    for (let at = this.nextNewline(from); at + 1 < to; at = this.nextNewline(at + 1)) lines++;
    return lines;
  }

  /** A CR before the LF belongs to the line break, and so does one at the very end. */
  private contentEnd(from: number, newlineAt: number): number {
    const last = newlineAt - 1;
    const hasCr = this.newlineCode !== CR && last >= from && this.text.charCodeAt(last) === CR;
    return hasCr ? last : newlineAt;
  }

  /** Looks for the quote that closes a field whose text begins at `from`. */
  private closing(from: number, end: number): { at: number; isFound: boolean; hasStray: boolean } {
    const { text } = this;
    let hasStray = false;
    let at = this.nextQuote(from);
    while (at < end) {
      const next = at + 1 < end ? text.charCodeAt(at + 1) : NaN;
      if (next === QUOTE) {
        at = this.nextQuote(at + 2);
        continue;
      }
      const isLast = at + 1 >= end;
      if (isLast || next === this.delimiterCode || next === this.newlineCode) {
        return { at, isFound: true, hasStray };
      }
      const isBeforeCrLf =
        next === CR && (at + 2 >= end || text.charCodeAt(at + 2) === this.newlineCode);
      if (isBeforeCrLf) return { at, isFound: true, hasStray };
      hasStray = true;
      at = this.nextQuote(at + 1);
    }
    return { at: this.contentEnd(from, end), isFound: false, hasStray };
  }

  private quotedField(
    from: number,
    to: number,
    problems: RecordProblem[],
    index: number,
    hasStray: boolean,
  ): string {
    const text = this.decode(from, to, problems, index);
    if (hasStray && text.includes(this.newline)) problems.push(problem('ambiguous_quote', index));
    return text.includes('"') ? text.replaceAll('""', '"') : text;
  }

  private decode(start: number, to: number, problems: RecordProblem[], index: number): string {
    const isAscii = this.nextNonAscii(start) >= to;
    const marked = isAscii || this.isUtf8 ? undefined : markedProblem(this.slice, start, to);
    const from = marked ? start + MARK_LENGTH : start;
    if (!isAscii && !this.isUtf8 && !isUtf8(this.slice.subarray(from, to))) {
      problems.push(problem('invalid_utf8', index));
    }
    if (this.hasNul && this.slice.subarray(from, to).includes(0)) {
      problems.push(problem('nul_byte', index));
    }
    if (marked) problems.push(problem(marked, index));
    return isAscii ? this.text.slice(from, to) : this.slice.toString('utf8', from, to);
  }
}
