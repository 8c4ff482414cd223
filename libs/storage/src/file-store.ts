import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { FileKeyInvalid, FileNotFound, FileTooLarge, StorageFull } from './file-store.errors.js';

/**
 * Keeps files by reference in a local folder, which every replica that uses them can reach.
 *
 * A file is whole or absent: it is written under a temporary name in `.incoming`, synced, and renamed.
 * What a killed process leaves in `.incoming` belongs to nobody and may be deleted.
 *
 * @example
 * const { size, sha256 } = await files.put(`${tenant}/${v7()}`, request, { maxBytes });
 */
export class FileStore {
  constructor(private readonly folder: string) {}

  /**
   * Stores the stream under the key; when this resolves the bytes survive a power cut.
   *
   * Throws FileTooLarge as soon as the limit is passed, StorageFull where there is no room, and whatever
   * the stream throws when it breaks off; in every case nothing is left behind. The stream is not destroyed: whoever opened it may still have an
   * HTTP request to answer over it.
   */
  async put(
    key: string,
    stream: Readable,
    { maxBytes = Infinity }: PutOptions = {},
  ): Promise<StoredFile> {
    const path = this.pathOf(key);
    const temporary = join(this.folder, '.incoming', randomUUID());
    try {
      await mkdir(dirname(temporary), { recursive: true });
      await mkdir(dirname(path), { recursive: true });
      const stored = await write(temporary, stream, maxBytes);
      await rename(temporary, path);
      await sync(dirname(path));
      await sync(this.folder);
      return stored;
    } catch (error) {
      await rm(temporary, { force: true });
      throw fullOr(error);
    }
  }

  /** Opens the bytes from `from` up to, not including, `to`. (Default: all.) Throws FileNotFound. */
  async read(key: string, { from = 0, to = Infinity }: ReadRange = {}): Promise<Readable> {
    const handle = await open(this.pathOf(key), 'r').catch((error: unknown) => {
      throw notFoundOr(error, key);
    });
    if (to <= from) {
      await handle.close();
      return Readable.from([]);
    }
    return handle.createReadStream({ start: from, end: to - 1, highWaterMark: READ_BYTES });
  }

  /** Tells the size in bytes. Throws FileNotFound. */
  async stat(key: string): Promise<{ size: number }> {
    const { size } = await stat(this.pathOf(key)).catch((error: unknown) => {
      throw notFoundOr(error, key);
    });
    return { size };
  }

  /** Removes the file; safe to call twice. */
  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private pathOf(key: string): string {
    if (!KEY.test(key)) throw new FileKeyInvalid(key);
    return join(this.folder, key);
  }
}

export interface StoredFile {
  /** Bytes. */
  size: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

export interface PutOptions {
  /** (Default: no limit.) */
  maxBytes?: number;
}

export interface ReadRange {
  from?: number;
  to?: number;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const READ_BYTES = 256 * 1024;

async function write(path: string, stream: Readable, maxBytes: number): Promise<StoredFile> {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(path, 'wx');
  try {
    for await (const part of stream.iterator({ destroyOnReturn: false })) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : (part as Uint8Array);
      size += bytes.length;
      if (size > maxBytes) throw new FileTooLarge(maxBytes);
      const written = handle.writeFile(bytes);
      hash.update(bytes);
      await written;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** A rename is durable only when the folder that holds the name is. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notFoundOr(error: unknown, key: string): unknown {
  const isMissing =
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
  return isMissing ? new FileNotFound(key, error) : error;
}

/** A file system or a quota that is full. */
function fullOr(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error && error.code;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new StorageFull(error) : error;
}
