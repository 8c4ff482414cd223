import type { FileHandle } from 'node:fs/promises';

/** Bytes that go to the disk together. */
const gatheredBytes = 1024 * 1024;

/**
 * Writes to the end of a file in large pieces, one of them at a time, while the next is gathered: a write for each
 * piece as it comes from a connection costs more than the bytes. Holds twice what it gathers at most.
 *
 * Pieces must not change after they were added. What was added is written when `end` has resolved.
 */
export class GatheringWriter {
  private pieces: Uint8Array[] = [];
  private gathered = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly handle: FileHandle) {}

  async add(bytes: Uint8Array): Promise<void> {
    this.pieces.push(bytes);
    this.gathered += bytes.length;
    if (this.gathered >= gatheredBytes) await this.flush();
  }

  async end(): Promise<void> {
    await this.flush();
    await this.writing;
  }

  /** Waits for the write before. The one that it begins is waited for by the next call, which throws its error. */
  private async flush(): Promise<void> {
    const { pieces } = this;
    this.pieces = [];
    this.gathered = 0;
    await this.writing;
    this.writing = writeAll(this.handle, pieces);
    this.writing.catch(() => undefined);
  }
}

/** The system may write less than it was given, a full disk most of all: the rest is tried, and tells why. */
async function writeAll(handle: FileHandle, pieces: Uint8Array[]): Promise<void> {
  let rest = pieces;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest);
    rest = behind(rest, bytesWritten);
  }
}

function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(left, piece.length);
    left -= skipped;
    return skipped < piece.length ? [piece.subarray(skipped)] : [];
  });
}
