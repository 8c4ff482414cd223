import { RecordTooLong } from '../csv/csv.errors.js';
import { FooterHold } from './footer-hold.js';
import { type OddDialect, oddDialect } from './odd-dialect.js';
import { type OddRecord, OddRecordReader, Unescaper } from './odd-record-reader.js';
import type { ResolvedSource } from './resolved-source.js';

/**
 * Re-writes CSV of any dialect, in UTF-8, as CSV with `,` between fields and doubled `"` around them.
 *
 * An empty field stays null without quotes and an empty text with them; ragged records stay ragged; what a
 * quote that is never closed spoils is one record, as RecordScanner says in its rules. Skipped lines become blank
 * ones. Memory: a record at most, twice. The result does not depend on how the text is divided into buffers.
 * The bytes throw RecordTooLong and FooterTooLong.
 */
export async function* rewriteCsv(
  text: AsyncIterable<Buffer>,
  source: ResolvedSource,
  limits: { recordLimit: number },
): AsyncGenerator<Buffer> {
  const rewriter = new CsvRewriter(source, limits.recordLimit);
  for await (const bytes of text) {
    const written = rewriter.push(bytes);
    if (written.length > 0) yield written;
  }
  const last = rewriter.end();
  if (last.length > 0) yield last;
}

class CsvRewriter {
  private readonly dialect: OddDialect;
  private readonly unescape: Unescaper;
  private readonly footer: FooterHold;
  private readonly holdsNothing: boolean;
  private linesToSkip: number;

  /** What was pushed and is not written, and how much there must be before it is worth another look. */
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private enoughBytes = 0;
  /** How much of what waits is read line by line, because a quote in it was never closed. */
  private lineByLine = 0;

  private offset = 0;
  private line = 1;
  private row: number;
  private written: string[] = [];

  constructor(
    source: ResolvedSource,
    private readonly recordLimit: number,
  ) {
    this.dialect = oddDialect(source);
    this.unescape = new Unescaper(this.dialect);
    this.footer = new FooterHold(source.footer, recordLimit);
    this.holdsNothing = source.footer === 0;
    this.linesToSkip = source.skip;
    this.row = source.header ? 0 : 1;
  }

  push(bytes: Buffer): Buffer {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    return this.waitingBytes < this.enoughBytes ? NOTHING : this.rewrite(false);
  }

  end(): Buffer {
    return this.rewrite(true);
  }

  private rewrite(isOver: boolean): Buffer {
    const bytes = this.waiting.length === 1 ? this.waiting[0] : Buffer.concat(this.waiting);
    const reader = new OddRecordReader(
      (bytes ?? NOTHING).toString('latin1'),
      this.dialect,
      this.unescape,
    );
    const size = reader.text.length;
    let from = 0;
    while (from < size) {
      const to = this.rewriteNext(reader, from, isOver);
      if (to === undefined) break;
      this.lineByLine = Math.max(0, this.lineByLine - (to - from));
      this.offset += to - from;
      from = to;
    }
    const rest = (bytes ?? NOTHING).subarray(from);
    this.waiting = rest.length === 0 ? [] : [rest];
    this.waitingBytes = rest.length;
    // Looking at a long record each time twice as much of it is there costs as much as looking at it twice.
    this.enoughBytes = Math.min(rest.length * 2, this.recordLimit + 1);
    const written = Buffer.from(this.written.join(''), 'latin1');
    this.written = [];
    return written;
  }

  /** Where the line or record at `from` ends; undefined when its end is not there. */
  private rewriteNext(reader: OddRecordReader, from: number, isOver: boolean): number | undefined {
    const { text } = reader;
    const isByLine = this.lineByLine > 0;
    if (this.linesToSkip > 0 || isByLine) {
      const end = reader.lineEnd(from);
      const isWhole = end < text.length;
      const to = isWhole ? end + 1 : end;
      if (to - from > this.recordLimit) this.giveUp();
      if (!isWhole && !isOver) return undefined;
      if (isByLine) this.write(reader.read(from, end, true));
      else this.skipLine();
      return to;
    }

    if (this.holdsNothing) {
      const simple = reader.readSimpleLines(from, this.recordLimit);
      if (simple) {
        this.writeLines(simple.canonical);
        return simple.to;
      }
    }
    const found = reader.read(from, text.length, isOver);
    const length = (found?.isClosed ? found.to : text.length) - from;
    if (length > this.recordLimit) {
      const cut = text.lastIndexOf(this.dialect.newline, from + this.recordLimit - 1) + 1;
      if (cut <= from) this.giveUp();
      this.lineByLine = cut - from;
      return from;
    }
    if (found === undefined) return undefined;
    if (!found.isClosed) {
      this.lineByLine = text.length - from;
      return from;
    }
    this.write(found);
    return found.to;
  }

  private write(record: OddRecord | undefined): void {
    if (record === undefined) return;
    this.line += record.lines;
    const text = record.canonical + this.dialect.newline;
    if (record.isBlank) {
      this.written.push(this.footer.pushBlank(text));
    } else {
      this.row++;
      this.written.push(this.footer.push(text));
    }
  }

  private writeLines(canonical: string): void {
    this.written.push(canonical);
    let start = 0;
    for (let at = canonical.indexOf(this.dialect.newline); at !== -1;) {
      this.line++;
      if (at > start) this.row++;
      start = at + 1;
      at = canonical.indexOf(this.dialect.newline, start);
    }
  }

  private skipLine(): void {
    this.linesToSkip--;
    this.line++;
    this.written.push(this.dialect.newline);
  }

  private giveUp(): never {
    const { row, line, offset, recordLimit } = this;
    throw new RecordTooLong({ row, line, offset }, recordLimit);
  }
}

const NOTHING = Buffer.alloc(0);
