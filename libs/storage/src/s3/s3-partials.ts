import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { FileTooLarge, PartialMismatch, PartialSpoiled } from '../file-store.errors.js';
import type { Appended, AppendOptions } from '../file-store.js';
import { takeStream } from '../take-stream.js';
import { PART_BYTES, PartWriter } from './part-writer.js';
import type { ObjectHead, Part, S3Bucket, Source } from './s3-bucket.js';

/** Parts between two checkpoints of one append: what a crash can cost, 32 MiB and what is in memory. */
const PARTS_BETWEEN = 4;

/** How a partial can be continued. */
interface Checkpoint {
  /** None while nothing has filled a part. */
  uploadId: string | undefined;
  /** Of the upload, counted from the first. What it holds beyond them is to be replaced. */
  parts: number;
  /** Of these parts, in their order: what `finish` finds has to be what was stored. */
  seal: string;
  /** Bytes that came after these parts and fill none. */
  restSize: number;
}

/**
 * Files that come in pieces, as S3 can keep them.
 *
 * Full parts go to a multipart upload of the file's own key. What is left over, and where the file
 * stands, is a small object `.partials/<key>/<offset>`, a checkpoint: an append starts from one, writes one now and then,
 * and ends with one. It removes the others when it starts, since whoever appends has been told of that offset; the one it
 * started from stays until the next append, so that this one can be undone. All state is in S3, and every step can be
 * repeated by another process.
 */
export class S3Partials {
  constructor(private readonly bucket: S3Bucket) {}

  async offsetOf(key: string): Promise<number> {
    return (await this.offsets(key)).at(-1) ?? 0;
  }

  async append(
    key: string,
    stream: Readable,
    { offset, maxBytes = Infinity }: AppendOptions,
  ): Promise<Appended> {
    const from = await this.continueFrom(key, offset);
    const start = offset - from.restSize;
    let { uploadId, seal } = from;
    let written: number | undefined;
    const checkpoint = async (parts: number, rest: Buffer): Promise<number> => {
      const at = start + (parts - from.parts) * PART_BYTES + rest.length;
      await this.write(key, at, { uploadId, parts, seal }, rest);
      if (written !== undefined && written !== at) await this.bucket.remove(nameOf(key, written));
      written = at;
      return at;
    };
    const writer = new PartWriter(from.parts, async (number, bytes) => {
      uploadId ??= await this.bucket.startUpload(key);
      seal = sealed(seal, await this.bucket.putPart(key, uploadId, number, bytes));
      if ((number - from.parts) % PARTS_BETWEEN === 0) await checkpoint(number, Buffer.alloc(0));
    });
    for await (const bytes of await this.restAt(key, offset, from)) {
      await writer.write(bytes as Uint8Array);
    }
    const end = await takeStream(stream, maxBytes - offset, (bytes) => writer.write(bytes));
    const rest = await writer.rest();
    const reached = await checkpoint(writer.parts, rest);
    if (end.how === 'too-long') throw new FileTooLarge(maxBytes);
    return end.how === 'complete'
      ? { offset: reached, brokeOff: false }
      : { offset: reached, brokeOff: true, error: end.error };
  }

  /** Undefined when there is no partial. Throws PartialSpoiled when it is not what was stored. */
  async finish(key: string): Promise<{ size: number } | undefined> {
    const size = (await this.offsets(key)).at(-1);
    const head = size !== undefined && (await this.bucket.head(nameOf(key, size)));
    if (!head) return undefined;
    const checkpoint = checkpointOf(head);
    const rest = { name: nameOf(key, size), from: 0, to: checkpoint.restSize };
    const isDone =
      checkpoint.uploadId === undefined
        ? await this.bucket.copy(rest.name, key).then(() => true)
        : await this.join(key, checkpoint.uploadId, checkpoint, rest);
    // A process that died after joining them left the checkpoint, and the file is there.
    if (!isDone && (await this.bucket.head(key))?.size !== size) throw new PartialSpoiled(key);
    await this.discard(key);
    return { size };
  }

  /** Also uploads that no checkpoint knows, because a process died between the two. */
  async discard(key: string): Promise<void> {
    for (const uploadId of await this.bucket.listUploads(key)) {
      await this.bucket.abortUpload(key, uploadId);
    }
    for (const offset of await this.offsets(key)) await this.bucket.remove(nameOf(key, offset));
  }

  /** False when the upload is not there any more, or its parts are not those of the checkpoint. */
  private async join(
    key: string,
    uploadId: string,
    { parts, seal }: Checkpoint,
    rest: Source,
  ): Promise<boolean> {
    const stored = (await this.bucket.listParts(key, uploadId))?.slice(0, parts) ?? [];
    if (stored.reduce(sealed, '') !== seal) return false;
    const last = rest.to > 0 ? [await this.bucket.copyPart(key, uploadId, parts + 1, rest)] : [];
    return this.bucket.completeUpload(key, uploadId, [...stored, ...last]);
  }

  /** Cuts off what is beyond the offset. */
  private async continueFrom(key: string, offset: number): Promise<Checkpoint> {
    const offsets = await this.offsets(key);
    const head = offsets.includes(offset) && (await this.bucket.head(nameOf(key, offset)));
    if (!head && offset > 0) throw new PartialMismatch(key, offset);
    for (const other of offsets.toReversed()) {
      if (other !== offset) await this.bucket.remove(nameOf(key, other));
    }
    return head ? checkpointOf(head) : NOTHING;
  }

  private async restAt(key: string, offset: number, { restSize }: Checkpoint): Promise<Readable> {
    const rest = restSize > 0 ? await this.bucket.get(nameOf(key, offset)) : Readable.from([]);
    if (!rest) throw new PartialMismatch(key, offset);
    return rest;
  }

  private async write(
    key: string,
    offset: number,
    { uploadId, parts, seal }: Omit<Checkpoint, 'restSize'>,
    rest: Buffer,
  ): Promise<void> {
    await this.bucket.put(nameOf(key, offset), rest, {
      parts: String(parts),
      seal,
      ...(uploadId !== undefined && { 'upload-id': uploadId }),
    });
  }

  private async offsets(key: string): Promise<number[]> {
    const folder = folderOf(key);
    return (await this.bucket.list(folder)).map((name) => Number(name.slice(folder.length)));
  }
}

const NOTHING: Checkpoint = { uploadId: undefined, parts: 0, seal: '', restSize: 0 };

function folderOf(key: string): string {
  return `.partials/${key}/`;
}

/** Padded, so that the names are listed in the order of the offsets. */
function nameOf(key: string, offset: number): string {
  return `${folderOf(key)}${String(offset).padStart(16, '0')}`;
}

function checkpointOf({ size, metadata }: ObjectHead): Checkpoint {
  const { parts, seal = '', 'upload-id': uploadId } = metadata;
  return { uploadId, parts: Number(parts), seal, restSize: size };
}

/** One number for any count of parts: a part that somebody else stored in the place of ours gives another. */
function sealed(seal: string, { number, etag }: Part): string {
  return createHash('sha256')
    .update(`${seal}/${number}/${etag.replaceAll('"', '')}`)
    .digest('hex');
}
