import type { Readable } from 'node:stream';

/**
 * Keeps files by key, `<tenant>/<uuid>`, where every replica that uses them can reach them.
 *
 * A file is whole or absent, and it does not change. One that comes in pieces is a *partial* under the
 * key that it will have: `append` makes it longer, `finish` makes it the file. Whoever writes a key
 * holds a lock on it: two writers of one key at the same time are not kept apart here.
 *
 * Streams are read but never destroyed: whoever opened one may still have a request to answer over it.
 *
 * @example
 * const { size, sha256 } = await files.put(`${tenant}/${v7()}`, request, { maxBytes });
 * @example
 * const { offset, brokeOff } = await files.append(key, request, { offset: known, maxBytes: length });
 * if (offset === length) await files.finish(key);
 */
export abstract class FileStore {
  /**
   * Looks whether files can be kept, at the price of one request; stores nothing.
   *
   * Throws StorageUnfit when something has to be changed for it, StorageFull where there is no room, and anything else when the storage is away.
   */
  abstract check(): Promise<void>;

  /**
   * Stores the stream under the key; when this resolves the bytes survive a power cut.
   *
   * Throws FileTooLarge as soon as the limit is passed, StorageFull where there is no room, and
   * whatever the stream throws when it breaks off, or `stop` gives as its reason; in every case nothing is left behind.
   */
  abstract put(key: string, stream: Readable, options?: PutOptions): Promise<StoredFile>;

  /** Opens the bytes from `from` up to, not including, `to`. (Default: all.) Throws FileNotFound. */
  abstract read(key: string, range?: ReadRange): Promise<Readable>;

  /** Tells the size in bytes. Throws FileNotFound. A partial is no file. */
  abstract stat(key: string): Promise<{ size: number }>;

  /** Removes the file; safe to call twice. A partial stays. */
  abstract remove(key: string): Promise<void>;

  /**
   * Tells how many bytes of the partial are there for good; 0 when nothing has come or it is finished.
   *
   * After a crash in the middle of an append this may be more than was last reported: what had come
   * until then is worth keeping. `append` can go on from either.
   */
  abstract partial(key: string): Promise<{ offset: number }>;

  /**
   * Adds the stream to the partial from `offset` on; when this resolves what came survives a power cut.
   *
   * `offset` is 0 or what `append` or `partial` last reported; also the one reported before, when the
   * last was never written down or its bytes turned out to be wrong. Whatever the partial holds beyond it is cut off first.
   * A stream that breaks off is not an error: what came of it is kept, `brokeOff` tells, and so does
   * `error`. Throws PartialMismatch when the partial does not reach to `offset`, FileTooLarge when it
   * would grow past `maxBytes`, StorageFull where there is no room; what was kept by then, up to the limit, is told by `partial`.
   */
  abstract append(key: string, stream: Readable, options: AppendOptions): Promise<Appended>;

  /**
   * Makes the partial the file of this key, without copying what is in it; safe to call twice.
   *
   * Throws FileNotFound when there is neither a partial nor a file, and PartialSpoiled where it can tell that
   * the bytes are not those that were appended. An empty file is made by appending an empty stream.
   */
  abstract finish(key: string): Promise<{ size: number }>;

  /** Removes the partial and everything of it; safe to call twice. A finished file stays. */
  abstract discard(key: string): Promise<void>;

  /**
   * Joins finished files, in this order, to a new file; they stay. Safe to call twice.
   *
   * Throws FileNotFound when one of them is missing, StorageFull where there is no room; then there is no new file.
   */
  abstract concat(key: string, partKeys: readonly string[]): Promise<{ size: number }>;
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
  /** Ends it at once; its reason is thrown. */
  stop?: AbortSignal;
}

export interface ReadRange {
  from?: number;
  to?: number;
}

export interface AppendOptions {
  /** Where the bytes belong, counted from the start of the file. */
  offset: number;
  /** The size to which the whole partial may grow, not this piece. (Default: no limit.) */
  maxBytes?: number;
}

export interface Appended {
  /**
   * Bytes that the partial holds for good. More than were given tell that somebody else has written too, without
   * the lock: these bytes are better cut off.
   */
  offset: number;
  /** The stream ended by breaking off, not by its end. */
  brokeOff: boolean;
  /** Why it broke off, as the stream told it. */
  error?: unknown;
}
