import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { checkedKey } from '../file-key.js';
import { FileNotFound, FileTooLarge } from '../file-store.errors.js';
import {
  type Appended,
  type AppendOptions,
  FileStore,
  type PutOptions,
  type ReadRange,
  type StoredFile,
} from '../file-store.js';
import { takeStream } from '../take-stream.js';
import { PartWriter } from './part-writer.js';
import type { S3Address } from './s3-address.js';
import { type Part, S3Bucket, type Source } from './s3-bucket.js';
import { S3Partials } from './s3-partials.js';

/**
 * Keeps files in a bucket of S3, or of a server that speaks it, each under its key.
 *
 * S3 shows an object only when it is whole, which is the promise of a file; larger ones go there in parts that are
 * joined at the end. A process that is killed leaves parts behind that nobody sees but everybody pays for: the bucket
 * needs a lifecycle rule, `AbortIncompleteMultipartUpload`, of more days than an upload may take.
 */
export class S3FileStore extends FileStore {
  private readonly bucket: S3Bucket;
  private readonly partials: S3Partials;

  constructor(address: S3Address) {
    super();
    this.bucket = new S3Bucket(address);
    this.partials = new S3Partials(this.bucket);
  }

  override check(): Promise<void> {
    return this.bucket.check();
  }

  override async put(
    key: string,
    stream: Readable,
    { maxBytes = Infinity, stop }: PutOptions = {},
  ): Promise<StoredFile> {
    const hash = createHash('sha256');
    let size = 0;
    await this.store(checkedKey(key), async (writer) => {
      const end = await takeStream(
        stream,
        maxBytes,
        async (bytes) => {
          hash.update(bytes);
          size += bytes.length;
          await writer.write(bytes);
        },
        stop,
      );
      if (end.how === 'broke-off') throw end.error;
      if (end.how === 'too-long') throw new FileTooLarge(maxBytes);
    });
    return { size, sha256: hash.digest('hex') };
  }

  override async read(key: string, { from = 0, to = Infinity }: ReadRange = {}): Promise<Readable> {
    if (to <= from) {
      await this.stat(key);
      return Readable.from([]);
    }
    const body = await this.bucket.get(checkedKey(key), from, to);
    if (!body) throw new FileNotFound(key);
    return body;
  }

  override async stat(key: string): Promise<{ size: number }> {
    const head = await this.bucket.head(checkedKey(key));
    if (!head) throw new FileNotFound(key);
    return { size: head.size };
  }

  override async remove(key: string): Promise<void> {
    await this.bucket.remove(checkedKey(key));
  }

  override async partial(key: string): Promise<{ offset: number }> {
    return { offset: await this.partials.offsetOf(checkedKey(key)) };
  }

  override async append(key: string, stream: Readable, options: AppendOptions): Promise<Appended> {
    return this.partials.append(checkedKey(key), stream, options);
  }

  override async finish(key: string): Promise<{ size: number }> {
    return (await this.partials.finish(checkedKey(key))) ?? (await this.stat(key));
  }

  override async discard(key: string): Promise<void> {
    await this.partials.discard(checkedKey(key));
  }

  /** Within S3 where it takes the files as parts: all but the last of 5 MiB and more. Else they come through here. */
  override async concat(key: string, partKeys: readonly string[]): Promise<{ size: number }> {
    const sources: Source[] = [];
    for (const name of partKeys) {
      const { size } = await this.stat(name);
      if (size > 0) sources.push({ name, from: 0, to: size });
    }
    if (sources.length > 0 && sources.slice(0, -1).every(({ to }) => to >= LEAST_PART)) {
      await this.join(checkedKey(key), sources.flatMap(inCopies));
    } else {
      await this.store(checkedKey(key), async (writer) => {
        for (const { name } of sources) {
          for await (const bytes of await this.read(name)) await writer.write(bytes as Uint8Array);
        }
      });
    }
    return { size: sources.reduce((total, { to }) => total + to, 0) };
  }

  /** One request for what fits in a part, an upload in parts for everything else. Whole or absent. */
  private async store(key: string, write: (writer: PartWriter) => Promise<void>): Promise<void> {
    let uploadId: string | undefined;
    const parts: Part[] = [];
    const storePart = async (number: number, bytes: Buffer): Promise<void> => {
      uploadId ??= await this.bucket.startUpload(key);
      parts.push(await this.bucket.putPart(key, uploadId, number, bytes));
    };
    const writer = new PartWriter(0, storePart);
    try {
      await write(writer);
      const rest = await writer.rest();
      if (uploadId === undefined) return await this.bucket.put(key, rest);
      if (rest.length > 0) await storePart(writer.parts + 1, rest);
      await this.complete(key, uploadId, parts);
    } catch (error) {
      // What is still on its way would arrive after the end of the upload, and stay.
      await writer.rest().catch(() => undefined);
      await this.giveUp(key, uploadId);
      throw error;
    }
  }

  private async join(key: string, sources: Source[]): Promise<void> {
    const uploadId = await this.bucket.startUpload(key);
    try {
      const copying = sources.map((source, at) =>
        this.bucket.copyPart(key, uploadId, at + 1, source),
      );
      // All of them have ended before the upload does, whatever became of one.
      await Promise.allSettled(copying);
      await this.complete(key, uploadId, await Promise.all(copying));
    } catch (error) {
      await this.giveUp(key, uploadId);
      throw error;
    }
  }

  private async complete(key: string, uploadId: string, parts: Part[]): Promise<void> {
    const isComplete = await this.bucket.completeUpload(key, uploadId, parts);
    if (!isComplete) throw new FileNotFound(key);
  }

  /** The reason for giving up is what is told; the lifecycle rule of the bucket ends what cannot be ended here. */
  private async giveUp(key: string, uploadId: string | undefined): Promise<void> {
    if (uploadId !== undefined) await this.bucket.abortUpload(key, uploadId).catch(() => undefined);
  }
}

const LEAST_PART = 5 * 1024 ** 2;
const LARGEST_COPY = 5 * 1024 ** 3;

/** In as few pieces as S3 copies at once, alike in size. */
function inCopies({ name, to: size }: Source): Source[] {
  const count = Math.ceil(size / LARGEST_COPY);
  const at = (index: number): number => Math.floor((size * index) / count);
  return Array.from({ length: count }, (_, index) => ({
    name,
    from: at(index),
    to: at(index + 1),
  }));
}
