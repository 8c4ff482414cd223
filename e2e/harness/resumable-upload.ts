import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { UploadResource } from '@offload/contracts/http';
import { poll } from '../../scripts/lib/poll.mts';
import type { ApiClient } from './api-client.js';
import { sendSlowly } from './send-slowly.js';
import { type Tally, tally } from './tally.js';

const tus = { 'tus-resumable': '1.0.0' };
const blockBytes = 64 * 1024;

/** A file that is sent by tus, in requests that a test can watch arriving. */
export class ResumableUpload {
  private constructor(
    private readonly api: ApiClient,
    private readonly bytes: Buffer<ArrayBuffer>,
    readonly id: string,
    private readonly partial: string,
  ) {}

  static async begin(
    api: ApiClient,
    bytes: Buffer<ArrayBuffer>,
    storageFolder: string,
  ): Promise<ResumableUpload> {
    const { body } = await api.call<UploadResource>('POST', '/v1/uploads', {
      headers: { ...tus, 'upload-length': String(bytes.length) },
    });
    const partial = join(storageFolder, '.partials', defaultTenant, body.id);
    return new ResumableUpload(api, bytes, body.id, partial);
  }

  /** Where to go on, as HEAD tells it. */
  async offset(): Promise<number> {
    const answer = await this.api.call('HEAD', `/v1/uploads/${this.id}`, { headers: tus });
    if (answer.status !== 200) throw new Error(`HEAD was answered ${answer.status}.`);
    return Number(answer.headers.get('upload-offset'));
  }

  /** Bytes that the storage holds of it at this moment; a file on its disk. */
  stored(): number {
    return statSync(this.partial, { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * Sends from `from` on in one request, in steps, so that it takes its time. Answers the status; undefined
   * when the connection broke.
   */
  async sendFrom(
    from: number,
    { url, apiKey }: { url: string; apiKey: string },
    restMs = 2,
  ): Promise<number | undefined> {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(from),
    };
    const request = { method: 'PATCH', url: `${url}/v1/uploads/${this.id}`, headers };
    return (await sendSlowly(request, this.bytes.subarray(from), restMs))?.status;
  }

  /** Returns once the storage holds so many bytes. Throws when it has them all before anybody has looked. */
  async untilStored(atLeast: number): Promise<void> {
    const isThere = await poll(() => this.stored() >= atLeast, { withinMs: 60_000, everyMs: 2 });
    if (!isThere) throw new Error(`The upload has not come to ${atLeast} bytes within a minute.`);
    if (this.stored() >= this.bytes.length)
      throw new Error('The upload was over before it could be disturbed.');
  }

  /** The upload once it can be used. */
  async untilReady(): Promise<UploadResource> {
    const look = async (): Promise<UploadResource | undefined> => {
      const upload = await this.api.get<UploadResource>(`/v1/uploads/${this.id}`);
      return upload.state === 'ready' ? upload : undefined;
    };
    const upload = await poll(look, { withinMs: 60_000 });
    if (upload) return upload;
    throw new Error('The upload has not become ready within a minute.');
  }

  get sha256(): string {
    return createHash('sha256').update(this.bytes).digest('hex');
  }

  /** The blocks of the file that were sent, and those that come back as they were. */
  compare(content: Buffer): Tally {
    const blocks = Array.from({ length: Math.ceil(this.bytes.length / blockBytes) }, (_, n) => n);
    const blockOf = (bytes: Buffer, n: number): Buffer =>
      bytes.subarray(n * blockBytes, (n + 1) * blockBytes);
    const same = blocks.filter((n) => blockOf(content, n).equals(blockOf(this.bytes, n)));
    const beyond = content.length > this.bytes.length ? [blocks.length] : [];
    return tally(blocks, blocks, [...same, ...beyond]);
  }
}

const defaultTenant = '00000000-0000-7000-8000-000000000001';
