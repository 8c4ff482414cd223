import { RandomAccessReader } from 'yauzl';
import { readRange } from '../source/read-range.js';
import type { SourceFile } from '../source/source-file.js';

/**
 * Lets yauzl read the directory of an archive wherever the archive is kept.
 *
 * The directory is read in many tiny pieces, so a block is fetched at a time: an archive in object storage
 * would otherwise cost two requests for each file in it.
 */
export class ZipReader extends RandomAccessReader {
  /** Why the file itself could not be read; then the archive is not to blame. */
  failure: unknown;
  /** Never resolves; rejects with what yauzl throws where nobody could catch it. */
  readonly broken: Promise<never>;
  private readonly breakUp: (error: unknown) => void;
  private block: Buffer = Buffer.alloc(0);
  private blockStart = 0;

  constructor(private readonly file: SourceFile) {
    super();
    const { promise, reject } = Promise.withResolvers<never>();
    this.broken = promise;
    this.broken.catch(() => undefined);
    this.breakUp = reject;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.copy({ buffer, offset, length, position }, callback).catch(this.breakUp);
  }

  private async copy(
    { buffer, offset, length, position }: Piece,
    done: (error: Error | null, bytesRead?: number) => void,
  ): Promise<void> {
    let bytes: Buffer;
    try {
      bytes = await this.fetch(position, length);
    } catch (error) {
      this.failure = error;
      done(error as Error);
      return;
    }
    bytes.copy(buffer, offset);
    done(null, bytes.length);
  }

  private async fetch(position: number, length: number): Promise<Buffer> {
    const isInBlock =
      position >= this.blockStart && position + length <= this.blockStart + this.block.length;
    if (!isInBlock) {
      const to = Math.min(position + Math.max(length, BLOCK_BYTES), this.file.size);
      this.block = await readRange(this.file, { from: position, to });
      this.blockStart = position;
    }
    const from = position - this.blockStart;
    return this.block.subarray(from, from + length);
  }
}

const BLOCK_BYTES = 256 * 1024;

interface Piece {
  buffer: Buffer;
  offset: number;
  length: number;
  position: number;
}
