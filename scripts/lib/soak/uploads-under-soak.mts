import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { UploadResource } from '../../../libs/contracts/src/http/uploads.ts';
import { sha256 } from './sha256.mts';
import type { Soaked } from './soak-stack.mts';
import type { Count } from './work.mts';

const tus = { 'tus-resumable': '1.0.0' };
const bytesEach = 2 * 1024 ** 2;

/** Uploads that come whole, that break off and go on, and that are given up; all are deleted again. */
export class UploadsUnderSoak {
  readonly done = new Map<string, number>();
  private accepted = 0;
  private effects = 0;
  private begun = 0;
  private readonly soaked: Soaked;

  constructor(soaked: Soaked) {
    this.soaked = soaked;
  }

  async runNext(): Promise<void> {
    const kinds = ['plain', 'broken off and gone on with', 'given up'] as const;
    const kind = kinds[(this.begun += 1) % kinds.length] ?? 'plain';
    const bytes = new Uint8Array(randomBytes(bytesEach));
    if (kind === 'plain') await this.sendPlain(bytes);
    else await this.sendByTus(bytes, kind === 'given up');
    this.done.set(`uploads: ${kind}`, (this.done.get(`uploads: ${kind}`) ?? 0) + 1);
  }

  /** Files that came, and those that were stored as they are. */
  count(): Count {
    const lost = this.accepted - this.effects;
    return {
      what: 'uploads',
      accepted: this.accepted,
      effects: this.effects,
      lost,
      doubled: 0,
      repeated: 0,
    };
  }

  private async sendPlain(body: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' };
    const { client } = this.soaked;
    const upload = await client.ask<UploadResource>('POST', '/v1/uploads', { body, headers });
    this.compare(upload, body);
    await this.remove(upload.id);
  }

  private async sendByTus(bytes: Uint8Array<ArrayBuffer>, isGivenUp: boolean): Promise<void> {
    const { client } = this.soaked;
    const headers = { ...tus, 'upload-length': String(bytes.length) };
    const { id } = await client.ask<UploadResource>('POST', '/v1/uploads', { headers });
    await this.breakOff(id, bytes);
    if (!isGivenUp) {
      const path = `/v1/uploads/${id}`;
      for (
        let offset = await this.offsetOf(id);
        offset < bytes.length;
        offset = await this.offsetOf(id)
      ) {
        await client
          .raw('PATCH', path, {
            headers: {
              ...tus,
              'content-type': 'application/offset+octet-stream',
              'upload-offset': String(offset),
            },
            body: bytes.subarray(offset),
          })
          .catch(() => undefined);
      }
      this.compare(
        await client.until<UploadResource>(path, ({ state }) => state === 'ready'),
        bytes,
      );
    }
    await this.remove(id);
  }

  /** Sends half and lets the connection die. */
  private async breakOff(id: string, bytes: Uint8Array): Promise<void> {
    const { url, apiKey } = this.soaked.client;
    const sending = request(`${url}/v1/uploads/${id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...tus,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'content-length': bytes.length,
      },
    });
    sending.on('error', () => undefined);
    const closed = new Promise((resolve) => sending.once('close', resolve));
    sending.write(bytes.subarray(0, bytes.length / 2), () => sending.destroy());
    await closed;
  }

  private async offsetOf(id: string): Promise<number> {
    const { client } = this.soaked;
    for (;;) {
      const answer = await client
        .raw('HEAD', `/v1/uploads/${id}`, { headers: tus })
        .catch(() => undefined);
      const offset = answer?.headers.get('upload-offset');
      if (answer?.status === 200 && typeof offset === 'string') return Number(offset);
    }
  }

  private compare({ sha256: stored }: UploadResource, bytes: Uint8Array): void {
    this.accepted += 1;
    if (stored === sha256(bytes)) this.effects += 1;
  }

  private async remove(id: string): Promise<void> {
    await this.soaked.client.ask('DELETE', `/v1/uploads/${id}`);
  }
}
