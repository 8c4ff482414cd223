import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { freshS3Url } from '@offload/testing';
import { openFileStore } from '../open-file-store.js';
import { makeBucket } from './make-bucket.js';

const given = freshS3Url();

(given === undefined ? describe.skip : describe)(makeBucket.name, () => {
  it('makes a bucket that is missing, once, and files can be kept in it', async () => {
    const url = new URL(given ?? '');
    const ours = `s3://offload-${randomUUID()}${url.search}`;

    expect(await makeBucket(ours)).toBe(true);
    expect(await makeBucket(ours)).toBe(false);

    const key = `tests/${randomUUID()}`;
    await openFileStore({ STORAGE_URL: ours }).put(key, Readable.from(['kept']));
    expect(await openFileStore({ STORAGE_URL: ours }).stat(key)).toEqual({ size: 4 });
  });

  it('says what the server said where it may not', async () => {
    const nobody = new URL(given ?? '');
    nobody.searchParams.set('endpoint', 'http://127.0.0.1:1');

    await expect(makeBucket(nobody.href)).rejects.toMatchObject({
      code: 'storage.not-configured',
      message: expect.stringMatching(/could not be made: .*ECONNREFUSED/),
    });
  });
});
