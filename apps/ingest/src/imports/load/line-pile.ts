import type { CsvRecord } from '@offload/formats';
import { writeRow } from './write-row.js';

/**
 * Rows that are to be copied together, written as COPY takes them. Held as bytes: as texts, the rows of one chunk would
 * take ten times the room.
 */
export class LinePile {
  count = 0;
  private text = '';
  private readonly pieces: Buffer[] = [];

  /** Rows get the number of their record plus the base, where there is one. */
  constructor(private readonly base: number | undefined) {}

  add({ row }: CsvRecord, values: readonly (string | null)[]): void {
    this.count += 1;
    this.text += writeRow(values, this.base === undefined ? undefined : this.base + row);
    if (this.text.length >= pieceLength) this.cut();
  }

  bytes(): Buffer[] {
    this.cut();
    return this.pieces;
  }

  private cut(): void {
    if (this.text === '') return;
    this.pieces.push(Buffer.from(this.text));
    this.text = '';
  }
}

/** In characters. */
const pieceLength = 64 * 1024;
