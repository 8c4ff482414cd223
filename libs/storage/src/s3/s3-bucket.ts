import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { StorageNotConfigured } from '../file-store.errors.js';
import type { S3Address } from './s3-address.js';
import { fullOr, isBehindEnd, isBucketMissing, isDenied, isMissing, unfitOr } from './s3-errors.js';

/** A part of an upload, as completing the upload wants it named. */
export interface Part {
  number: number;
  etag: string;
}

/** Bytes of another object, from `from` up to, not including, `to`. */
export interface Source {
  name: string;
  from: number;
  to: number;
}

export interface ObjectHead {
  size: number;
  metadata: Record<string, string>;
}

/**
 * The few things we ask of S3, each one request that may be repeated.
 *
 * Names are within the prefix of the address. Every body is a buffer with its MD5, so that the SDK can send it
 * again and S3 refuses what was damaged on the way; newer checksums are not understood by all servers.
 * What is not there is `undefined`; a bucket that is not there is an error.
 */
export class S3Bucket {
  private readonly client: S3Client;

  constructor(private readonly address: S3Address) {
    this.client = new S3Client({
      ...address.client,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      expectContinueHeader: false,
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: ANSWER_MS,
        throwOnRequestTimeout: true,
        // A reader may pause for as long as its own work takes.
        socketTimeout: LONG_ANSWER_MS,
        httpAgent: { maxSockets: SOCKETS },
        httpsAgent: { maxSockets: SOCKETS },
      },
    });
  }

  /**
   * Asks for an object that is never there: unlike an answer to HEAD, this one says what is wrong. Who may not list the
   * bucket is told that access is denied, and may well read and write all the same.
   */
  async check(): Promise<void> {
    const command = new GetObjectCommand(this.object('.check'));
    const options = { abortSignal: AbortSignal.timeout(CHECK_MS) };
    try {
      const { Body } = await this.client.send(command, options);
      if (Body instanceof Readable) Body.destroy();
    } catch (error) {
      if (isMissing(error) || isDenied(error)) return;
      throw unfitOr(error, this.address);
    }
  }

  async put(name: string, body: Uint8Array, metadata: Record<string, string> = {}): Promise<void> {
    const command = new PutObjectCommand({
      ...this.object(name),
      Body: body,
      ContentMD5: md5(body),
      Metadata: metadata,
    });
    await this.ask(() => this.client.send(command));
  }

  async head(name: string): Promise<ObjectHead | undefined> {
    const command = new HeadObjectCommand(this.object(name));
    const answer = await this.ask(() => this.client.send(command)).catch(undefinedIfMissing);
    if (!answer) return this.missing();
    return { size: answer.ContentLength ?? 0, metadata: answer.Metadata ?? {} };
  }

  /** The bytes from `from` up to, not including, `to`; none where the object is shorter. */
  async get(name: string, from = 0, to = Infinity): Promise<Readable | undefined> {
    const isWhole = from === 0 && to === Infinity;
    const range = { Range: `bytes=${from}-${to === Infinity ? '' : to - 1}` };
    const command = new GetObjectCommand({ ...this.object(name), ...(isWhole ? {} : range) });
    const answer = await this.ask(() =>
      this.client.send(command).catch((error: unknown) => {
        if (isBehindEnd(error)) return { Body: Readable.from([]) };
        throw error;
      }),
    ).catch(undefinedIfMissing);
    // In Node it is one; the SDK's type speaks of browsers too.
    return answer?.Body as Readable | undefined;
  }

  async remove(name: string): Promise<void> {
    await this.ask(() => this.client.send(new DeleteObjectCommand(this.object(name)))).catch(
      undefinedIfMissing,
    );
  }

  /** The names that begin so, in order. */
  async list(beginning: string): Promise<string[]> {
    const input = { Bucket: this.address.bucket, Prefix: this.address.prefix + beginning };
    const names: string[] = [];
    await this.ask(async () => {
      for await (const page of paginateListObjectsV2({ client: this.client }, input)) {
        names.push(...(page.Contents ?? []).map(({ Key = '' }) => this.nameOf(Key)));
      }
    });
    return names;
  }

  /** Within S3; up to 5 GiB. */
  async copy(from: string, to: string): Promise<void> {
    const command = new CopyObjectCommand({
      ...this.object(to),
      CopySource: this.sourceOf(from),
      MetadataDirective: 'REPLACE',
    });
    await this.ask(() => this.client.send(command, LONG));
  }

  async startUpload(name: string): Promise<string> {
    const command = new CreateMultipartUploadCommand(this.object(name));
    const answer = await this.ask(() => this.client.send(command));
    return answer.UploadId ?? '';
  }

  async putPart(name: string, uploadId: string, number: number, body: Uint8Array): Promise<Part> {
    const command = new UploadPartCommand({
      ...this.object(name),
      UploadId: uploadId,
      PartNumber: number,
      Body: body,
      ContentMD5: md5(body),
    });
    const answer = await this.ask(() => this.client.send(command));
    return { number, etag: answer.ETag ?? '' };
  }

  /** Makes bytes of another object a part, within S3; up to 5 GiB. */
  async copyPart(name: string, uploadId: string, number: number, source: Source): Promise<Part> {
    const command = new UploadPartCopyCommand({
      ...this.object(name),
      UploadId: uploadId,
      PartNumber: number,
      CopySource: this.sourceOf(source.name),
      CopySourceRange: `bytes=${source.from}-${source.to - 1}`,
    });
    const answer = await this.ask(() => this.client.send(command, LONG));
    return { number, etag: answer.CopyPartResult?.ETag ?? '' };
  }

  /** The parts of an upload in order; undefined when there is no such upload. */
  async listParts(
    name: string,
    uploadId: string,
  ): Promise<(Part & { size: number })[] | undefined> {
    const parts: (Part & { size: number })[] = [];
    let marker: string | undefined;
    // The SDK's own pages never end: S3 names a next part also on the last page.
    do {
      const command = new ListPartsCommand({
        ...this.object(name),
        UploadId: uploadId,
        PartNumberMarker: marker,
      });
      const page = await this.ask(() => this.client.send(command)).catch(undefinedIfMissing);
      if (!page) return undefined;
      for (const { PartNumber = 0, ETag = '', Size = 0 } of page.Parts ?? []) {
        parts.push({ number: PartNumber, etag: ETag, size: Size });
      }
      marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  }

  /** False when there is no such upload, also because it is complete. */
  async completeUpload(name: string, uploadId: string, parts: readonly Part[]): Promise<boolean> {
    const command = new CompleteMultipartUploadCommand({
      ...this.object(name),
      UploadId: uploadId,
      MultipartUpload: {
        Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })),
      },
    });
    const answer = await this.ask(() => this.client.send(command, LONG)).catch(undefinedIfMissing);
    return answer !== undefined;
  }

  async abortUpload(name: string, uploadId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.object(name), UploadId: uploadId });
    await this.ask(() => this.client.send(command)).catch(undefinedIfMissing);
  }

  /** The uploads of exactly this name that are neither complete nor aborted; the first thousand. */
  async listUploads(name: string): Promise<string[]> {
    const { Bucket, Key } = this.object(name);
    const command = new ListMultipartUploadsCommand({ Bucket, Prefix: Key });
    const { Uploads = [] } = await this.ask(() => this.client.send(command));
    return Uploads.flatMap((each) => (each.Key === Key && each.UploadId) || []);
  }

  /** An answer to HEAD does not tell whether it is the object or the whole bucket that is missing. */
  private async missing(): Promise<undefined> {
    const { bucket: Bucket } = this.address;
    await this.client.send(new HeadBucketCommand({ Bucket })).catch((error: unknown) => {
      if (isMissing(error)) throw this.bucketMissing(error);
    });
  }

  private async ask<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      throw isBucketMissing(error) ? this.bucketMissing(error) : fullOr(error);
    }
  }

  private bucketMissing(cause: unknown): StorageNotConfigured {
    return new StorageNotConfigured(`there is no bucket ${this.address.bucket}`, cause);
  }

  private object(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.address.bucket, Key: this.address.prefix + name };
  }

  private sourceOf(name: string): string {
    const { Bucket, Key } = this.object(name);
    return [Bucket, ...Key.split('/')].map(encodeURIComponent).join('/');
  }

  private nameOf(key: string): string {
    return key.slice(this.address.prefix.length);
  }
}

const CHECK_MS = 5_000;
const ANSWER_MS = 120_000;
/** S3 copies and joins gigabytes before it answers. */
const LONG_ANSWER_MS = 900_000;
const LONG = { requestTimeout: LONG_ANSWER_MS };
const SOCKETS = 256;

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}
