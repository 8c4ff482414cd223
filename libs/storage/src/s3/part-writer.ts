import { FileTooLarge } from '../file-store.errors.js';

/** All parts but the last have it: at least 5 MiB for S3, and alike for those servers that insist on it. */
export const PART_BYTES = 8 * 1024 * 1024;

/** S3 takes 10 000, of which the last is what is left over. */
const MOST_PARTS = 9_999;

/**
 * Cuts bytes into parts and hands each over to be stored, one at a time, while the next one fills: no more
 * than two parts are in memory, and whoever writes faster than they are stored waits.
 */
export class PartWriter {
  private filling: Buffer | undefined;
  private filled = 0;
  private stored: Buffer | undefined;
  private storing: Promise<void> = Promise.resolve();

  /** `parts` are stored already; the next one has the number after. It counts on as parts are handed over. */
  constructor(
    public parts: number,
    private readonly store: (number: number, bytes: Buffer) => Promise<void>,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      this.filling ??= Buffer.allocUnsafeSlow(PART_BYTES);
      const piece = bytes.subarray(at, at + PART_BYTES - this.filled);
      this.filling.set(piece, this.filled);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled === PART_BYTES) await this.storePart(this.filling);
    }
  }

  /** Waits until every full part is stored, and gives back what is left over. */
  async rest(): Promise<Buffer> {
    await this.storing;
    return this.filling?.subarray(0, this.filled) ?? Buffer.alloc(0);
  }

  private async storePart(bytes: Buffer): Promise<void> {
    await this.storing;
    if (this.parts === MOST_PARTS) throw new FileTooLarge(MOST_PARTS * PART_BYTES);
    this.parts += 1;
    this.storing = this.store(this.parts, bytes);
    // It is awaited later; until then a failure must not look like one that nobody handles.
    this.storing.catch(() => undefined);
    // The two buffers take turns.
    this.filling = this.stored;
    this.stored = bytes;
    this.filled = 0;
  }
}
