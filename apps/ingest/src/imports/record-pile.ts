import { CR, type CsvDialect, type CsvRecord, parseRecords, recordEndOf } from '@offload/formats';

/**
 * Records of one slice that are to be copied together, remembered by where they stand, so that a chunk
 * is held once and not once more as texts.
 */
export class RecordPile {
  count = 0;
  private readonly runs: Run[] = [];

  constructor(
    private readonly slice: Buffer,
    /** Of the slice, in the file. */
    private readonly offset: number,
    private readonly dialect: CsvDialect,
  ) {}

  /** Takes the next record; they come in the order of the slice. */
  add({ offset, end, row, line }: CsvRecord): void {
    this.count += 1;
    const last = this.runs.at(-1);
    if (last?.end === offset) last.end = end;
    else this.runs.push({ offset, end, row, line });
  }

  /** The records as they stand in the file, the last one with a line break. */
  bytes(): Buffer {
    const parts = this.runs.map((run) => this.bytesOf(run));
    const last = parts.at(-1)?.at(-1);
    if (last !== recordEndOf(this.dialect)) parts.push(Buffer.from(this.lineBreakAfter(last)));
    return Buffer.concat(parts);
  }

  /** Reads them once more. */
  records(): CsvRecord[] {
    return this.runs.flatMap((run) => [...parseRecords(this.bytesOf(run), this.dialect, run)]);
  }

  private bytesOf({ offset, end }: Run): Buffer {
    return this.slice.subarray(offset - this.offset, end - this.offset);
  }

  /** A CR at the very end of a file is a line break half written. */
  private lineBreakAfter(last: number | undefined): string {
    if (this.dialect.newline === 'cr') return '\r';
    return this.dialect.newline === 'lf' || last === CR ? '\n' : '\r\n';
  }
}

/** Records that follow each other without anything between, and where the first begins. */
interface Run {
  offset: number;
  end: number;
  row: number;
  line: number;
}
