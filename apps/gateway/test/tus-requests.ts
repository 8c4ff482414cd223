import { createHash } from 'node:crypto';
import type { UploadResource } from '@offload/contracts/http';
import type { gatewayHarness } from './gateway-harness.js';

type Agent = ReturnType<ReturnType<typeof gatewayHarness>['as']>;
type Headers = Record<string, string>;

export const tus = { 'Tus-Resumable': '1.0.0' };
export const offsetStream = { 'Content-Type': 'application/offset+octet-stream' };

/** Requests of tus as a client writes them, one by one. */
export function tusRequests(as: (key?: string) => Agent) {
  const create = (headers: Headers, key?: string) =>
    as(key)
      .post('/v1/uploads')
      .set({ ...tus, ...headers });

  const begin = async (length: number | undefined, headers: Headers = {}, key?: string) => {
    const lengthHeader: Headers =
      length === undefined ? { 'Upload-Defer-Length': '1' } : { 'Upload-Length': String(length) };
    const { headers: answered } = await create({ ...lengthHeader, ...headers }, key).expect(201);
    return String(answered['location']);
  };

  const patch = (path: string, offset: number, bytes: string | Buffer, headers: Headers = {}) =>
    as()
      .patch(path)
      .set({ ...tus, ...offsetStream, 'Upload-Offset': String(offset), ...headers })
      .serialize((body: unknown) => body as string)
      .send(bytes as string);

  const head = (path: string, key?: string) => as(key).head(path).set(tus);

  const show = async (path: string): Promise<UploadResource> => {
    const { body } = await as().get(path).expect(200);
    return body as UploadResource;
  };

  return { create, begin, patch, head, show };
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The header Upload-Metadata. */
export function metadata(values: Record<string, string>): Headers {
  const pairs = Object.entries(values).map(
    ([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`,
  );
  return { 'Upload-Metadata': pairs.join(',') };
}

/** The header Upload-Checksum. */
export function checksum(algorithm: string, bytes: string | Buffer): Headers {
  return {
    'Upload-Checksum': `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`,
  };
}
