import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  rename,
  rm,
  stat,
  statfs,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { checkedKey } from './file-key.js';
import {
  FileNotFound,
  FileTooLarge,
  PartialMismatch,
  StorageFull,
  StorageUnfit,
} from './file-store.errors.js';
import { GatheringWriter } from './gathering-writer.js';
import {
  type Appended,
  type AppendOptions,
  FileStore,
  type PutOptions,
  type ReadRange,
  type StoredFile,
} from './file-store.js';
import { takeStream } from './take-stream.js';

/**
 * Keeps files in a folder that is shared by all replicas, each under the path that its key says.
 *
 * A file that comes whole is written under a temporary name in `.incoming`, synced, and renamed; what a
 * killed process leaves there belongs to nobody and may be deleted. A partial is a file in `.partials`,
 * whose length is how far it has come: an append only ever adds to its end, so a process that is killed in the middle leaves
 * a shorter partial, never a wrong one.
 */
export class LocalFileStore extends FileStore {
  constructor(private readonly folder: string) {
    super();
  }

  override async check(): Promise<void> {
    const found = await stat(this.folder).catch(undefinedIfMissing);
    if (!found?.isDirectory()) {
      throw new StorageUnfit(
        `The folder for files, ${this.folder}, ${found ? 'is a file' : 'does not exist'}.`,
        'Make it, or mount it, where the gateway and ingest both reach it, or set STORAGE_FOLDER to another.',
      );
    }
    await access(this.folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw new StorageUnfit(
        `The folder for files, ${this.folder}, cannot be written to (${String(codeOf(error))}).`,
        `Give it to the user that the service runs as${userWords()}, or mount it writable.`,
        error,
      );
    });
    const { bavail } = await statfs(this.folder);
    if (bavail === 0) throw new StorageFull();
  }

  override async put(
    key: string,
    stream: Readable,
    { maxBytes = Infinity, stop }: PutOptions = {},
  ): Promise<StoredFile> {
    const hash = createHash('sha256');
    const size = await this.store(key, async (handle) => {
      const writer = new GatheringWriter(handle);
      const add = (bytes: Uint8Array): Promise<void> => {
        hash.update(bytes);
        return writer.add(bytes);
      };
      const end = await takeStream(stream, maxBytes, add, stop);
      await writer.end();
      if (end.how === 'broke-off') throw end.error;
      if (end.how === 'too-long') throw new FileTooLarge(maxBytes);
    });
    return { size, sha256: hash.digest('hex') };
  }

  override async read(key: string, { from = 0, to = Infinity }: ReadRange = {}): Promise<Readable> {
    const handle = await open(this.pathOf(key), 'r').catch((error: unknown) => {
      throw notFoundOr(error, key);
    });
    if (to <= from) {
      await handle.close();
      return Readable.from([]);
    }
    return handle.createReadStream({ start: from, end: to - 1, highWaterMark: READ_BYTES });
  }

  override async stat(key: string): Promise<{ size: number }> {
    const size = await sizeOf(this.pathOf(key));
    if (size === undefined) throw new FileNotFound(key);
    return { size };
  }

  override async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  /** What a killed process wrote may still be on its way to the disk, so it is synced before it is told. */
  override async partial(key: string): Promise<{ offset: number }> {
    const handle = await open(this.partialOf(key), 'r+').catch(undefinedIfMissing);
    if (!handle) return { offset: 0 };
    try {
      const { size } = await handle.stat();
      await handle.datasync();
      return { offset: size };
    } finally {
      await handle.close();
    }
  }

  override async append(
    key: string,
    stream: Readable,
    { offset, maxBytes = Infinity }: AppendOptions,
  ): Promise<Appended> {
    try {
      const handle = await this.openPartial(key, offset);
      try {
        const end = await syncedAfter(handle, () =>
          takeStream(stream, maxBytes - offset, (bytes) => handle.writeFile(bytes)),
        );
        if (end.how === 'too-long') throw new FileTooLarge(maxBytes);
        const { size } = await handle.stat();
        return end.how === 'complete'
          ? { offset: size, brokeOff: false }
          : { offset: size, brokeOff: true, error: end.error };
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fullOr(error);
    }
  }

  override async finish(key: string): Promise<{ size: number }> {
    const path = this.pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    await rename(this.partialOf(key), path).catch(undefinedIfMissing);
    await syncAll([dirname(path), this.folder]);
    return this.stat(key);
  }

  override async discard(key: string): Promise<void> {
    await rm(this.partialOf(key), { force: true });
  }

  override async concat(key: string, partKeys: readonly string[]): Promise<{ size: number }> {
    const size = await this.store(key, async (handle) => {
      for (const partKey of partKeys) await handle.writeFile(await this.read(partKey));
    });
    return { size };
  }

  /** Whole or absent: writes beside the files, and renames when everything is on the disk. */
  private async store(key: string, write: (handle: FileHandle) => Promise<void>): Promise<number> {
    const path = this.pathOf(key);
    const temporary = join(this.folder, INCOMING, randomUUID());
    try {
      await mkdir(dirname(temporary), { recursive: true });
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(temporary, 'wx');
      try {
        await write(handle);
        await handle.sync();
        const { size } = await handle.stat();
        await rename(temporary, path);
        await syncAll([dirname(path), this.folder]);
        return size;
      } finally {
        await handle.close();
      }
    } catch (error) {
      await rm(temporary, { force: true });
      throw fullOr(error);
    }
  }

  /** Opens it for appending, cut off at the offset. */
  private async openPartial(key: string, offset: number): Promise<FileHandle> {
    const path = this.partialOf(key);
    if (((await sizeOf(path)) ?? 0) < offset) throw new PartialMismatch(key, offset);
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a');
    try {
      await handle.truncate(offset);
      if (offset === 0) await syncAll([dirname(path), join(this.folder, PARTIALS), this.folder]);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, checkedKey(key));
  }

  private partialOf(key: string): string {
    return join(this.folder, PARTIALS, checkedKey(key));
  }
}

const INCOMING = '.incoming';
const PARTIALS = '.partials';
const READ_BYTES = 64 * 1024;

function userWords(): string {
  const id = process.getuid?.();
  return id === undefined ? '' : ` (id ${id})`;
}

/** Also when the writing has failed: what was written by then is told as kept. */
async function syncedAfter<T>(handle: FileHandle, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } finally {
    await handle.sync();
  }
}

/** A new name is durable only when the folder that holds it is. */
async function syncAll(folders: string[]): Promise<void> {
  for (const folder of folders) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(undefinedIfMissing))?.size;
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function notFoundOr(error: unknown, key: string): unknown {
  return codeOf(error) === 'ENOENT' ? new FileNotFound(key, error) : error;
}

/** A file system or a quota that is full. */
function fullOr(error: unknown): unknown {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT' ? new StorageFull(error) : error;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
