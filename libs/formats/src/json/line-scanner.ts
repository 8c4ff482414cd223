import { type Chunk, chunkAt } from '../csv/chunk.js';
import { RecordTooLong } from '../csv/csv.errors.js';
import { LF, type ScanPosition } from '../csv/dialect.js';
import type { ScannerOptions } from '../csv/record-scanner.js';

/**
 * Cuts a file of one JSON value on each line into chunks of whole lines, as RecordScanner cuts CSV.
 *
 * A line of nothing but white space is a line and no row, as `parseJsonLines` has it. No chunk is strict:
 * PostgreSQL reads none of it as it lies. Memory: nothing but counters; the result does not depend on how the
 * file is divided into buffers. One line longer than the limit is no record: RecordTooLong.
 *
 * @example
 * const scanner = new LineScanner({ position });
 * for await (const bytes of file) chunks.push(...scanner.push(bytes));
 * chunks.push(...scanner.end());
 */
export class LineScanner {
  private readonly chunkBytes: number;
  private readonly recordLimit: number;
  private chunk: Chunk;
  private done: Chunk[] = [];
  /** Offset of the next byte to look at, and of the line that is not complete. */
  private offset: number;
  private lineStart: number;
  private isBlank = true;

  constructor(options: ScannerOptions = {}) {
    const position = options.position ?? { offset: 0, row: 1, line: 1, chunk: 0 };
    this.chunkBytes = options.chunkBytes ?? 4 * MiB;
    this.recordLimit = options.recordLimit ?? 8 * MiB;
    this.chunk = emptyChunkAt(position);
    this.offset = position.offset;
    this.lineStart = position.offset;
  }

  /** Takes the next bytes of the file; returns the chunks they complete. Throws RecordTooLong. */
  push(bytes: Buffer): Chunk[] {
    for (let from = 0; from < bytes.length;) {
      const found = bytes.indexOf(LF, from);
      const to = found === -1 ? bytes.length : found + 1;
      if (this.isBlank && !isBlank(bytes, from, to)) this.isBlank = false;
      this.offset += to - from;
      if (this.offset - this.lineStart > this.recordLimit) this.giveUp();
      if (found !== -1) this.endLine();
      from = to;
    }
    return this.takeDone();
  }

  /** Says that the file is over; returns the last chunk. */
  end(): Chunk[] {
    if (this.offset > this.lineStart) this.endLine();
    this.cut();
    return this.takeDone();
  }

  /** The end of the last chunk that was returned; a scanner made with it, and fed from its offset, goes on. */
  get position(): ScanPosition {
    const { from, firstRow, firstLine, number } = this.chunk;
    return { offset: from, row: firstRow, line: firstLine, chunk: number };
  }

  private endLine(): void {
    const { chunk } = this;
    chunk.to = this.offset;
    chunk.lines++;
    if (!this.isBlank) chunk.rows++;
    this.lineStart = this.offset;
    this.isBlank = true;
    if (chunk.to - chunk.from >= this.chunkBytes) this.cut();
  }

  private cut(): void {
    const { number, from, to, firstRow, rows, firstLine, lines } = this.chunk;
    if (to === from) return;
    this.done.push(this.chunk);
    this.chunk = emptyChunkAt({
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

  private giveUp(): never {
    const { firstRow, rows, firstLine, lines } = this.chunk;
    const at = { row: firstRow + rows, line: firstLine + lines, offset: this.lineStart };
    throw new RecordTooLong(at, this.recordLimit);
  }
}

const MiB = 1024 * 1024;

function emptyChunkAt(position: ScanPosition): Chunk {
  return { ...chunkAt(position), strict: false };
}

/** Mostly decided by the first byte. */
function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  }
  return true;
}
