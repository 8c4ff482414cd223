import { FooterTooLong } from './source.errors.js';

/**
 * Holds back as many records as a footer has, because only the end of the file tells which they are.
 *
 * Blank lines go with the record before which they stand, so that line numbers stay those of the file.
 */
export class FooterHold {
  private readonly held: string[] = [];
  private first = 0;
  private blank = '';
  private bytes = 0;

  private readonly maxBytes: number;

  constructor(
    private readonly footer: number,
    recordLimit: number,
  ) {
    this.maxBytes = Math.max(recordLimit, MAX_BYTES);
  }

  /** Takes a record with its line break; returns what surely is no footer. Throws FooterTooLong. */
  push(record: string): string {
    if (this.footer === 0) return record;
    this.held.push(this.blank + record);
    this.bytes += record.length;
    this.blank = '';
    const released = this.held.length - this.first > this.footer ? this.release() : '';
    this.checkSize();
    return released;
  }

  pushBlank(line: string): string {
    if (this.footer === 0) return line;
    this.blank += line;
    this.bytes += line.length;
    this.checkSize();
    return '';
  }

  private checkSize(): void {
    if (this.bytes > this.maxBytes) throw new FooterTooLong(this.footer, this.maxBytes);
  }

  private release(): string {
    const released = this.held[this.first] ?? '';
    this.held[this.first++] = '';
    this.bytes -= released.length;
    if (this.first > this.footer + SHRINK_AFTER) {
      this.held.splice(0, this.first);
      this.first = 0;
    }
    return released;
  }
}

const MAX_BYTES = 64 * 1024 * 1024;
const SHRINK_AFTER = 1000;
