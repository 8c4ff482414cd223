import { InflateMeter } from '../packing/inflate-meter.js';
import { InflationSuspicious } from '../packing/packing.errors.js';
import { FooterHold } from '../source/footer-hold.js';
import type { SourceLimits } from '../source/source-limits.js';

/**
 * Writes rows as JSON arrays, so that line n is row n of the sheet: rows that are not there, that are empty or
 * skipped are blank lines, and the footer is left out.
 *
 * Rows are as wide as the first of them, mostly the header: what a shorter one lacks is null, as the rest of any row
 * is in a sheet, and a longer one stays longer. Counts what is written, for few bytes of a workbook can
 * refer to the same long text again and again.
 */
export class RowWriter {
  private readonly meter: InflateMeter;
  private readonly footer: FooterHold;
  private lines: string[] = [];
  private characters = 0;
  private nextRow = 1;
  private columns: number | undefined;

  constructor(private readonly options: RowWriterOptions) {
    const { limits, footer, fileSize } = options;
    this.meter = new InflateMeter(limits);
    this.meter.countPacked(fileSize);
    this.footer = new FooterHold(footer, limits.recordLimit);
  }

  write(row: number, cells: readonly (string | undefined)[], width: number): void {
    for (; this.nextRow < row; this.nextRow++) this.add(this.footer.pushBlank('\n'));
    this.nextRow++;
    if (width === 0 || row <= this.options.skip) {
      this.add(this.footer.pushBlank('\n'));
      return;
    }
    this.columns ??= width;
    const last = Math.max(width, this.columns) - 1;
    let line = '[';
    for (let column = 0; column < last; column++) line += `${cells[column] ?? 'null'},`;
    line += `${cells[last] ?? 'null'}]\n`;
    this.add(this.footer.push(line));
  }

  /** What was written since this was last asked for. */
  take(): string {
    const text = this.lines.join('');
    this.lines = [];
    this.characters = 0;
    return text;
  }

  get pending(): number {
    return this.characters;
  }

  private add(text: string): void {
    if (text === '') return;
    this.lines.push(text);
    this.characters += text.length;
    this.meter.countInflated(text.length);
    // No table of data makes this much of the few kilobytes that are read at a time.
    if (this.characters > MAX_PENDING) throw new InflationSuspicious(this.options.limits.maxRatio);
  }
}

export interface RowWriterOptions {
  skip: number;
  footer: number;
  limits: SourceLimits;
  /** Bytes of the workbook as it was sent. */
  fileSize: number;
}

const MAX_PENDING = 64 * 1024 * 1024;
