import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UploadResource } from '@offload/contracts/http';
import { eventually } from '@offload/testing';
import { DetailedError, Upload as TusUpload, type UploadOptions } from 'tus-js-client';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { sha256 } from '../../test/tus-requests.js';
import { defaultTenantId } from '../access/bootstrap-access.js';

/** tus-js-client, as browsers and programs use it, against the whole gateway. */
describe('tus-js-client', () => {
  const { as, bootstrapKey, db, folder, url } = gatewayHarness({ broker: 'tus-client' });
  const bytes = randomBytes(3_000_000);

  it('sends a file in one request', async () => {
    const path = await done(sending(bytes));

    expect(await show(path)).toMatchObject({ state: 'ready', ...theFile });
  });

  it.each<[string, Partial<UploadOptions>]>([
    ['in chunks', { chunkSize: 700_000 }],
    [
      'with its first bytes in the creation',
      { chunkSize: 700_000, uploadDataDuringCreation: true },
    ],
    ['without PATCH', { chunkSize: 1_500_000, overridePatchMethod: true }],
    ['without saying its length', { chunkSize: 700_000, uploadLengthDeferred: true }],
  ])('sends a file %s', async (_, options) => {
    const path = await done(sending(bytes, options));

    expect(await show(path)).toMatchObject({ state: 'ready', ...theFile });
    expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true);
  });

  it('sends a file over several connections, which is put together by itself', async () => {
    const path = await done(sending(bytes, { parallelUploads: 4, chunkSize: 300_000 }));

    await eventually(async () => {
      expect(await show(path)).toMatchObject({ state: 'ready', kind: 'assembled', ...theFile });
    });
    expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true);
    // The parts have served, and are nothing that anybody has to delete.
    expect(await partsOf(path)).toBe(0);
  });

  it('goes on after it was aborted, where it was', async () => {
    const offsets: number[] = [];
    const first = sending(bytes, { chunkSize: 500_000 });
    await new Promise<void>((resolve) => {
      first.options.onChunkComplete = (_, accepted) => {
        if (accepted >= 1_000_000) void first.abort().then(resolve);
      };
      first.options.onSuccess = () => resolve();
      first.start();
    });

    const second = sending(bytes, {
      chunkSize: 500_000,
      uploadUrl: first.url,
      onChunkComplete: (_, accepted) => offsets.push(accepted),
    });
    const path = await done(second);

    expect(offsets[0]).toBeGreaterThan(1_000_000);
    expect(await show(path)).toMatchObject({ state: 'ready', ...theFile });
  });

  it('terminates what it has begun, and nothing is left', async () => {
    const upload = sending(bytes, { chunkSize: 500_000 });
    await new Promise<void>((resolve, reject) => {
      upload.options.onChunkComplete = () => void upload.abort(true).then(resolve, reject);
      upload.start();
    });

    const { status } = await as().get(new URL(String(upload.url)).pathname);
    expect(status).toBe(404);
  });

  it('is told in words why a file is not taken, and does not try again', async () => {
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), bytes]);
    const requests: string[] = [];
    const upload = sending(png, {
      retryDelays: [0, 0],
      onAfterResponse: (request) => void requests.push(request.getMethod()),
    });

    const error = await done(upload).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(DetailedError);
    expect((error as DetailedError).originalResponse?.getBody()).toContain(
      'The file says it is CSV, but it is a PNG image.',
    );
    expect(requests).toEqual(['POST', 'PATCH']);
  });

  const theFile = {
    file_name: 'people.csv',
    declared_type: 'text/csv',
    size: bytes.length,
    offset: bytes.length,
    sha256: sha256(bytes),
  };

  const sending = (file: Buffer, options: Partial<UploadOptions> = {}): TusUpload =>
    new TusUpload(file, {
      endpoint: `${url()}/v1/uploads`,
      headers: { Authorization: `Bearer ${bootstrapKey}` },
      metadata: { filename: 'people.csv', filetype: 'text/csv' },
      retryDelays: null,
      ...options,
    });

  const show = async (path: string): Promise<UploadResource> => {
    const { body } = await as().get(path).expect(200);
    return body as UploadResource;
  };

  const fileOf = (path: string): string =>
    join(folder, defaultTenantId, path.slice(path.lastIndexOf('/') + 1));

  const partsOf = async (path: string): Promise<number> => {
    const rows: unknown[] = await db().query(
      `select from upload part join upload assembled on part.id = any(assembled.parts)
        where assembled.id = $1 and part.deleted_at is null`,
      [path.slice(path.lastIndexOf('/') + 1)],
    );
    return rows.length;
  };
});

/** Answers the path of the upload. */
function done(upload: TusUpload): Promise<string> {
  return new Promise((resolve, reject) => {
    upload.options.onSuccess = () => resolve(new URL(String(upload.url)).pathname);
    upload.options.onError = reject;
    upload.start();
  });
}
