import { randomBytes } from 'node:crypto';
import type { UploadResource } from '@offload/contracts/http';
import { eventually, freshS3Url } from '@offload/testing';
import { Upload as TusUpload, type UploadOptions } from 'tus-js-client';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { checksum, sha256, tus, tusRequests } from '../../test/tus-requests.js';

const s3Url = freshS3Url();
const mebibyte = 1024 ** 2;

/** The same promises where the storage is no folder; only where there is a server that speaks S3. */
(s3Url === undefined ? describe.skip : describe)('uploads that are kept in S3', () => {
  const { as, bootstrapKey, url } = gatewayHarness({
    broker: 'uploads-s3',
    config: { STORAGE_FOLDER: '', STORAGE_URL: s3Url ?? '' },
  });
  const { begin, patch, head, show } = tusRequests(as);
  const bytes = randomBytes(19 * mebibyte + 11);

  it('come in pieces of any size, and one with a wrong checksum leaves no trace', async () => {
    const path = await begin(bytes.length);
    const cuts = [0, 5, 9 * mebibyte, 9 * mebibyte + 1, bytes.length];
    for (const [n, from] of cuts.slice(0, -1).entries()) {
      const piece = bytes.subarray(from, cuts[n + 1]);
      await patch(path, from, randomBytes(piece.length), checksum('md5', piece)).expect(460);
      expect((await head(path)).headers['upload-offset']).toBe(String(from));
      await patch(path, from, piece, checksum('sha1', piece)).expect(204);
    }

    expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256(bytes) });
    const part = await as()
      .get(`${path}/content`)
      .set('Range', 'bytes=9437180-9437189')
      .buffer(true);
    expect(part.status).toBe(206);
    expect(Buffer.from(part.body as Buffer)).toEqual(bytes.subarray(9437180, 9437190));
  });

  it.each<[string, Partial<UploadOptions>]>([
    ['in chunks', { chunkSize: 6 * mebibyte }],
    ['over three connections', { parallelUploads: 3 }],
  ])('come from tus-js-client %s', async (_, options) => {
    const path = await send(options);

    await eventually(async () => {
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256(bytes) });
    }, 30_000);
  });

  it('come by plain POST, and go when they are deleted', async () => {
    const { body } = await as().post('/v1/uploads').type('text/csv').send('a,b\n').expect(201);
    const { links } = body as UploadResource;
    const content = await as().get(links.content).expect(200);

    await as().delete(links.self).set(tus).expect(204);

    expect(content.text).toBe('a,b\n');
    await as().get(links.self).expect(404);
  });

  const send = (options: Partial<UploadOptions>): Promise<string> =>
    new Promise((resolve, reject) => {
      const upload = new TusUpload(bytes, {
        endpoint: `${url()}/v1/uploads`,
        headers: { Authorization: `Bearer ${bootstrapKey}` },
        onSuccess: () => resolve(new URL(String(upload.url)).pathname),
        onError: reject,
        ...options,
      });
      upload.start();
    });
});
