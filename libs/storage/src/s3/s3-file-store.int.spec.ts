import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { freshS3Url } from '@offload/testing';
import { openFileStore } from '../open-file-store.js';
import { s3AddressOf } from './s3-address.js';
import { S3Bucket } from './s3-bucket.js';
import { S3FileStore } from './s3-file-store.js';

const MIB = 1024 ** 2;
const s3Url = freshS3Url();
const url = s3Url ?? 's3://none';

(s3Url === undefined ? describe.skip : describe)(S3FileStore.name, () => {
  const files = openFileStore({ STORAGE_URL: url });
  const bucket = new S3Bucket(s3AddressOf(url));

  it('leaves nothing but the file when a partial is finished', async () => {
    const key = aKey();
    await files.append(key, aFile(20 * MIB), { offset: 0 });
    await files.append(key, aFile(9), { offset: 20 * MIB });

    await files.finish(key);

    expect(await bucket.listUploads(key)).toEqual([]);
    expect(await bucket.list(`.partials/${key}/`)).toEqual([]);
  });

  it('says what to do when the bucket is missing', async () => {
    const { pathname, search } = new URL(url);
    const elsewhere = new S3FileStore(s3AddressOf(`s3://no-such-bucket${pathname}${search}`));
    await expect(files.check()).resolves.toBeUndefined();
    await expect(elsewhere.check()).rejects.toThrow(/no bucket “no-such-bucket”\. Make it/);
  });

  it('leaves nothing of a file that was not taken', async () => {
    const key = aKey();

    const put = files.put(key, aFile(20 * MIB), { maxBytes: 19 * MIB });

    await expect(put).rejects.toMatchObject({ code: 'storage.file-too-large' });
    expect(await bucket.listUploads(key)).toEqual([]);
    expect(await bucket.list(key)).toEqual([]);
  });

  it('ends also the upload of a process that died before it noted it', async () => {
    const key = aKey();
    const uploadId = await bucket.startUpload(key);
    await bucket.putPart(key, uploadId, 1, randomBytes(8 * MIB));
    await files.append(key, Readable.from(['another way']), { offset: 0 });

    await files.finish(key);

    expect(await bucket.listUploads(key)).toEqual([]);
    expect(await text(await files.read(key))).toBe('another way');
  });

  it.each([9, 20 * MIB])(
    'finishes what a process finished that died before it tidied up (%d bytes)',
    async (length) => {
      const key = aKey();
      const bytes = randomBytes(length);
      await files.append(key, Readable.from([bytes]), { offset: 0 });
      const [checkpoint = ''] = await bucket.list(`.partials/${key}/`);
      const head = await bucket.head(checkpoint);
      const rest = await buffer((await bucket.get(checkpoint)) ?? Readable.from([]));
      await files.finish(key);
      await bucket.put(checkpoint, rest, head?.metadata);

      expect(await files.finish(key)).toEqual({ size: length });

      expect((await buffer(await files.read(key))).equals(bytes)).toBe(true);
      expect(await files.partial(key)).toEqual({ offset: 0 });
    },
  );

  it('does not finish a partial whose parts somebody has removed', async () => {
    const key = aKey();
    await files.append(key, aFile(20 * MIB), { offset: 0 });
    for (const uploadId of await bucket.listUploads(key)) await bucket.abortUpload(key, uploadId);

    const finishing = files.finish(key);

    await expect(finishing).rejects.toMatchObject({ code: 'storage.partial-spoiled' });
  });

  it('does not finish a partial into which somebody has written without a lock', async () => {
    const key = aKey();
    await files.append(key, aFile(20 * MIB), { offset: 0 });
    const [uploadId = ''] = await bucket.listUploads(key);
    await bucket.putPart(key, uploadId, 2, randomBytes(8 * MIB));

    const finishing = files.finish(key);

    await expect(finishing).rejects.toMatchObject({ code: 'storage.partial-spoiled' });
  });

  it('keeps what other prefixes hold apart', async () => {
    const key = aKey();
    const other = openFileStore({ STORAGE_URL: url.replace('?', '/other?') });
    await files.put(key, Readable.from(['mine']));
    await other.put(key, Readable.from(['theirs']));

    await other.remove(key);

    expect(await text(await files.read(key))).toBe('mine');
  });

  it('tells a bucket that is missing from a file that is', async () => {
    const lost = openFileStore({ STORAGE_URL: url.replace(/s3:\/\/[^/]+/, 's3://not-there') });
    const missing = expect.objectContaining({ code: 'storage.not-configured' }) as unknown;

    await expect(lost.stat(aKey())).rejects.toEqual(missing);
    await expect(lost.read(aKey())).rejects.toEqual(missing);
    await expect(lost.put(aKey(), Readable.from(['x']))).rejects.toEqual(missing);
    await expect(lost.partial(aKey())).rejects.toEqual(missing);
  });
});

const aKey = () => `tenant/${randomUUID()}`;

function aFile(size: number): Readable {
  return Readable.from([randomBytes(size)]);
}
