import { type CsvDialect, QUOTE, recordEndOf } from '@offload/formats';

/**
 * Goes from record to record of a strict slice, without looking at what is in them.
 *
 * In a strict slice every quote opens, closes or is doubled, so a line break ends a record when an even number of
 * quotes stands before it. The last record may lack its line break.
 */
export class StrictCursor {
  /** Where the record begins. */
  from = 0;
  /** Behind its line break. */
  to = 0;
  /** Records that were gone over, this one among them. */
  rows = 0;
  /** Physical lines of all of them. */
  lines = 0;
  private readonly recordEnd: number;
  private quoteAt: number;

  constructor(
    private readonly slice: Buffer,
    dialect: CsvDialect,
  ) {
    this.recordEnd = recordEndOf(dialect);
    this.quoteAt = this.next(QUOTE, 0);
  }

  /** Goes to the next record; answers false when there is none. */
  advance(): boolean {
    if (this.to >= this.slice.length) return false;
    this.from = this.to;
    this.rows += 1;
    this.lines += 1;
    let end = this.next(this.recordEnd, this.from);
    let isQuoted = false;
    while (this.quoteAt < end) {
      isQuoted = !isQuoted;
      this.quoteAt = this.next(QUOTE, this.quoteAt + 1);
      if (isQuoted) end = this.endBehindQuote(end);
    }
    this.to = Math.min(end + 1, this.slice.length);
    return true;
  }

  /** Every line break up to the quote that closes is text. */
  private endBehindQuote(lineBreak: number): number {
    let end = lineBreak;
    while (end < this.quoteAt && end < this.slice.length) {
      this.lines += 1;
      end = this.next(this.recordEnd, end + 1);
    }
    return end;
  }

  private next(value: number, from: number): number {
    const found = this.slice.indexOf(value, from);
    return found === -1 ? this.slice.length : found;
  }
}
