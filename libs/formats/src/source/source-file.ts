import type { Readable } from 'node:stream';

/** A stored file that can be read from any place, as often as needed. Where it is kept is its own affair. */
export interface SourceFile {
  /** As the sender named it; its ending is a hint to the format, never a path. */
  name: string;
  /** Bytes. */
  size: number;
  /** Opens the bytes from `from` up to, not including, `to`. (Default: all.) */
  read(range?: { from?: number; to?: number }): Promise<Readable>;
}
