import {
  CR,
  type CsvDialect,
  LF,
  QUOTE,
  recordEndOf,
  type ScanPosition,
  startOf,
} from './dialect.js';
import { type Chunk, chunkAt } from './chunk.js';
import { RecordTooLong } from './csv.errors.js';
import { countLines } from './count-lines.js';

/**
 * Cuts a CSV file into chunks of whole records, without looking at most of its bytes.
 *
 * The rules, which `parseRecords` obeys as well, so that both find the same records:
 *
 * 1. A quote opens a quoted field only as the first byte of a field. Inside, two quotes are one.
 * 2. The quote that closes is followed by a delimiter, a line break or the end. Any other quote is text.
 * 3. A line break outside quotes ends the record. Blank lines are lines, but no rows.
 * 4. A quoted field that is still open at the end of the file, or when its record passes the limit, was
 *    opened by mistake: believing it would swallow good rows. From the line that opened the record to the
 *    end of the file (or to the last line break within the limit) each line is read by itself, as one chunk
 *    of its own; a line whose quote does not close is then one bad record, and its neighbours are saved.
 * 5. One line longer than the limit is no record of anything we know: RecordTooLong.
 *
 * A chunk is `strict` when PostgreSQL's `COPY … (format csv)` either fails or reads exactly the records and
 * fields that these rules find. What takes that from a chunk:
 *
 * - a quote that is text: COPY lets any quote open and close;
 * - a blank line: COPY makes it a row when there is one column;
 * - `\.` where a record begins, or a backslash behind a CR or LF that is text: COPY before PostgreSQL 18 may
 *   take it for the end of the data, and drops the rest in silence;
 * - an LF behind the CR that ends a record: COPY takes both for one line break;
 * - a single record without a line break: COPY learns the line break from the first it meets, and may meet
 *   a CR that is text.
 *
 * Memory: the record that is not complete, at most the limit and one pushed buffer. The result does not
 * depend on how the file is divided into buffers. Buffers must not change after they were pushed.
 *
 * @example
 * const scanner = new RecordScanner(dialect, { position });
 * for await (const bytes of file) chunks.push(...scanner.push(bytes));
 * chunks.push(...scanner.end());
 */
export class RecordScanner {
  private readonly delimiter: number;
  private readonly newline: number;
  private readonly chunkBytes: number;
  private readonly recordLimit: number;

  private chunk: Chunk;
  private done: Chunk[] = [];

  private state: State = State.RecordStart;
  /** Offset of the next byte to look at. */
  private offset: number;
  /** What belongs to the record that is not complete: its bytes, where it begins, and what was seen in it. */
  private pending: Buffer[] = [];
  private recordStart: number;
  private recordLines = 0;
  private recordIsStrict = true;

  constructor(dialect: CsvDialect, options: ScannerOptions = {}) {
    const position = options.position ?? startOf(dialect);
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.newline = recordEndOf(dialect);
    this.chunkBytes = options.chunkBytes ?? 4 * MiB;
    this.recordLimit = options.recordLimit ?? 8 * MiB;
    this.chunk = chunkAt(position);
    this.offset = position.offset;
    this.recordStart = position.offset;
  }

  /** Takes the next bytes of the file; returns the chunks they complete. Throws RecordTooLong. */
  push(bytes: Buffer): Chunk[] {
    let rest = bytes;
    while (rest.length > 0) rest = this.scan(rest);
    return this.takeDone();
  }

  /** Says that the file is over; returns the last chunks. */
  end(): Chunk[] {
    if (this.offset > this.recordStart) {
      if (this.state === State.Quoted) {
        this.readLineByLine(Buffer.concat(this.pending));
      } else {
        if (this.chunk.rows === 0) this.recordIsStrict = false;
        this.endRecord(this.offset, this.isLoneCr());
      }
    }
    this.cut();
    return this.takeDone();
  }

  /** The end of the last chunk that was returned; a scanner made with it, and fed from its offset, goes on. */
  get position(): ScanPosition {
    return {
      offset: this.chunk.from,
      row: this.chunk.firstRow,
      line: this.chunk.firstLine,
      chunk: this.chunk.number,
    };
  }

  /** Returns what is to be scanned once more after a quoted field turned out to be a mistake; mostly nothing. */
  private scan(bytes: Buffer): Buffer {
    const { delimiter, newline, recordLimit } = this;
    const base = this.offset;
    const size = bytes.length;
    let state = this.state;
    let at = 0;
    let quoteAt = -1;
    let newlineAt = -1;
    let backslashAt = -1;

    while (at < size) {
      let recordEnd = -1;
      switch (state) {
        case State.RecordStart:
        case State.FieldStart:
          if (bytes[at] === QUOTE) {
            state = State.Quoted;
            at++;
          } else if (bytes[at] === BACKSLASH && state === State.RecordStart) {
            state = State.Backslash;
            at++;
          } else {
            if (bytes[at] === LF && state === State.RecordStart) this.recordIsStrict = false;
            state = State.Unquoted;
          }
          break;
        case State.Unquoted:
          if (newlineAt < at) newlineAt = next(bytes, newline, at);
          if (quoteAt < at) quoteAt = nextNear(bytes, QUOTE, at);
          if (backslashAt < at) backslashAt = next(bytes, BACKSLASH, at);
          while (backslashAt < newlineAt && backslashAt < quoteAt) {
            const before = backslashAt > 0 ? bytes[backslashAt - 1] : this.lastPending();
            if (before === CR || before === LF) this.recordIsStrict = false;
            backslashAt = next(bytes, BACKSLASH, backslashAt + 1);
          }
          if (quoteAt < newlineAt) {
            if (quoteAt > at && bytes[quoteAt - 1] === delimiter) state = State.Quoted;
            else this.recordIsStrict = false;
            at = quoteAt + 1;
          } else if (newlineAt < size) {
            recordEnd = newlineAt + 1;
          } else {
            state = bytes[size - 1] === delimiter ? State.FieldStart : State.Unquoted;
            at = size;
          }
          break;
        case State.Quoted:
          if (quoteAt < at) quoteAt = nextNear(bytes, QUOTE, at);
          if (newlineAt < at) newlineAt = next(bytes, newline, at);
          while (newlineAt < quoteAt) {
            this.recordLines++;
            newlineAt = next(bytes, newline, newlineAt + 1);
          }
          if (quoteAt < size) state = State.Closing;
          at = Math.min(quoteAt + 1, size);
          break;
        case State.Closing: {
          const follower = bytes[at];
          if (follower === delimiter) {
            state = State.FieldStart;
            at++;
          } else if (follower === newline) {
            recordEnd = at + 1;
          } else if (follower === QUOTE) {
            state = State.Quoted;
            at++;
          } else if (follower === CR) {
            state = State.ClosingCr;
            at++;
          } else {
            this.recordIsStrict = false;
            state = State.Quoted;
          }
          break;
        }
        case State.ClosingCr:
          if (bytes[at] === newline) {
            recordEnd = at + 1;
          } else {
            this.recordIsStrict = false;
            state = State.Quoted;
          }
          break;
        case State.Backslash:
          if (bytes[at] === DOT) this.recordIsStrict = false;
          state = State.Unquoted;
          break;
      }

      if (recordEnd >= 0) {
        const length = base + recordEnd - this.recordStart;
        if (length > recordLimit) break;
        const before = recordEnd > 1 ? bytes[recordEnd - 2] : this.lastPending();
        const isBlank = length === 1 || (length === 2 && newline !== CR && before === CR);
        this.endRecord(base + recordEnd, isBlank);
        state = State.RecordStart;
        at = recordEnd;
      }
    }

    return this.keep(bytes, state);
  }

  /** Remembers the incomplete record for the next push, unless it has passed the limit. */
  private keep(bytes: Buffer, state: State): Buffer {
    const base = this.offset;
    const begins = this.recordStart - base;
    if (begins >= 0) this.pending = [bytes.subarray(begins)];
    else this.pending.push(bytes);
    this.offset = base + bytes.length;
    this.state = state;
    if (this.offset - this.recordStart <= this.recordLimit) return NOTHING;
    return this.giveUpRecord();
  }

  private giveUpRecord(): Buffer {
    const [only = NOTHING, ...others] = this.pending;
    const bytes = others.length === 0 ? only : Buffer.concat(this.pending);
    const length = bytes.subarray(0, this.recordLimit).lastIndexOf(this.newline) + 1;
    if (length === 0) {
      const row = this.chunk.firstRow + this.chunk.rows;
      const line = this.chunk.firstLine + this.chunk.lines;
      throw new RecordTooLong({ row, line, offset: this.recordStart }, this.recordLimit);
    }
    this.readLineByLine(bytes.subarray(0, length));
    return bytes.subarray(length);
  }

  private readLineByLine(bytes: Buffer): void {
    this.cut();
    const { lines, rows } = countLines(bytes, this.newline);
    this.chunk = { ...this.chunk, to: this.recordStart + bytes.length, lines, rows, strict: false };
    this.cut();
    this.startRecord(this.chunk.from);
    this.offset = this.chunk.from;
    this.state = State.RecordStart;
    this.pending = [];
  }

  private endRecord(to: number, isBlank: boolean): void {
    const { chunk } = this;
    chunk.to = to;
    chunk.lines += this.recordLines + 1;
    if (!isBlank) chunk.rows++;
    if (isBlank || !this.recordIsStrict) chunk.strict = false;
    this.startRecord(to);
    if (to - chunk.from >= this.chunkBytes) this.cut();
  }

  private startRecord(offset: number): void {
    this.recordStart = offset;
    this.recordLines = 0;
    this.recordIsStrict = true;
  }

  private cut(): void {
    if (this.chunk.to === this.chunk.from) return;
    const { number, to, firstRow, rows, firstLine, lines } = this.chunk;
    this.done.push(this.chunk);
    this.chunk = chunkAt({
      offset: to,
      row: firstRow + rows,
      line: firstLine + lines,
      chunk: number + 1,
    });
  }

  private takeDone(): Chunk[] {
    const chunks = this.done;
    this.done = [];
    return chunks;
  }

  private lastPending(): number | undefined {
    return this.pending.at(-1)?.at(-1);
  }

  private isLoneCr(): boolean {
    return this.offset - this.recordStart === 1 && this.pending[0]?.[0] === CR;
  }
}

export interface ScannerOptions {
  /** (Default: the start of the file.) */
  position?: ScanPosition;
  /** A chunk ends with the record that reaches this size, in bytes. (Default: 4 MiB.) */
  chunkBytes?: number;
  /** The longest record, in bytes with its line break. (Default: 8 MiB.) */
  recordLimit?: number;
}

const MiB = 1024 * 1024;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const NOTHING = Buffer.alloc(0);

export type { Chunk };

/** `Closing` has seen a quote inside quotes, `ClosingCr` a CR behind it: the next byte tells what they mean. */
enum State {
  RecordStart,
  FieldStart,
  Unquoted,
  Quoted,
  Closing,
  ClosingCr,
  Backslash,
}

/** Where the byte occurs next; the size when it does not. */
function next(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}

/** The same for a byte that is likely near: a call of indexOf costs as much as looking at some dozens of bytes. */
function nextNear(bytes: Buffer, byte: number, from: number): number {
  const near = Math.min(from + 32, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === byte) return at;
  return next(bytes, byte, near);
}
