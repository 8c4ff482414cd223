import { CR, type CsvDialect, type CsvRecord, recordEndOf } from '@offload/formats';
import { numberRecords } from './number-records.js';

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
    if (last?.end === offset) {
      last.end = end;
      last.rows += 1;
    } else this.runs.push({ offset, end, row, line, rows: 1 });
  }

  /**
   * The records as they stand in the file, the last one with a line break; where there is a base, each behind its
   * number plus the base.
   */
  bytes(base?: number): Buffer {
    const parts = this.runs.map((run) =>
      base === undefined ? this.bytesOf(run) : this.numbered(run, base),
    );
    const last = parts.at(-1)?.at(-1);
    return Buffer.concat([...parts, lineBreakBehind(last, this.dialect)]);
  }

  private bytesOf({ offset, end }: Run): Buffer {
    return this.slice.subarray(offset - this.offset, end - this.offset);
  }

  private numbered(run: Run, base: number): Buffer {
    const numbers = { first: base + run.row, rows: run.rows };
    return numberRecords(this.bytesOf(run), numbers, this.dialect);
  }
}

/**
 * What is missing of the line break behind records whose last byte this is; nothing where it is whole. COPY learns the
 * line break from the first that it meets, so of a single record without one it may take a CR or LF that is text.
 */
export function lineBreakBehind(last: number | undefined, dialect: CsvDialect): Buffer {
  if (last === recordEndOf(dialect)) return Buffer.alloc(0);
  if (dialect.newline === 'cr') return Buffer.from('\r');
  // A CR at the very end of a file is a line break half written.
  return Buffer.from(dialect.newline === 'lf' || last === CR ? '\n' : '\r\n');
}

/** Records that follow each other without anything between, and where the first begins. */
interface Run {
  offset: number;
  end: number;
  row: number;
  line: number;
  rows: number;
}
