import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { LocalFileStore } from './local-file-store.js';

describe(LocalFileStore.name, () => {
  let folder: string;
  let files: LocalFileStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-store-'));
    files = new LocalFileStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back what was put, with its size and hash', async () => {
    const key = aKey();
    const bytes = Buffer.alloc(300_000, 'offload');

    const stored = await files.put(key, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]));

    expect(stored).toEqual({
      size: 300_000,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(await files.stat(key)).toEqual({ size: 300_000 });
    expect((await buffer(await files.read(key))).equals(bytes)).toBe(true);
  });

  it('reads a range without its end', async () => {
    const key = aKey();
    await files.put(key, Readable.from(['0123456789']));

    expect(await text(await files.read(key, { from: 2, to: 5 }))).toBe('234');
    expect(await text(await files.read(key, { from: 8 }))).toBe('89');
    expect(await text(await files.read(key, { from: 4, to: 4 }))).toBe('');
    expect(await text(await files.read(key, { from: 99, to: 120 }))).toBe('');
  });

  it('keeps nothing of a stream over the limit, and leaves the stream alive', async () => {
    const stream = Readable.from(['12345', '67890', 'more']);

    const put = files.put(aKey(), stream, { maxBytes: 9 });

    await expect(put).rejects.toMatchObject({ code: 'storage.file-too-large', maxBytes: 9 });
    expect(stream.destroyed).toBe(false);
    expect(await leftovers()).toEqual([]);
  });

  it('takes a stream of exactly the limit', async () => {
    const stored = await files.put(aKey(), Readable.from(['12345']), { maxBytes: 5 });

    expect(stored.size).toBe(5);
  });

  it('keeps nothing of a stream that breaks off', async () => {
    const key = aKey();
    const broken = Readable.from(
      (function* () {
        yield 'half';
        throw new Error('the client went away');
      })(),
    );

    await expect(files.put(key, broken)).rejects.toThrow('the client went away');
    await expect(files.stat(key)).rejects.toMatchObject({ code: 'storage.file-not-found' });
    expect(await leftovers()).toEqual([]);
  });

  it('keeps nothing of a stream that is destroyed in the middle', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.push('half');
    const put = files.put(aKey(), stream);
    stream.once('data', () => stream.destroy());

    await expect(put).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(await leftovers()).toEqual([]);
  });

  it('removes twice without complaint', async () => {
    const key = aKey();
    await files.put(key, Readable.from(['x']));

    await files.remove(key);
    await files.remove(key);

    await expect(files.read(key)).rejects.toMatchObject({ code: 'storage.file-not-found' });
  });

  it.each([
    '../etc/passwd',
    '/etc/passwd',
    'tenant',
    `tenant/../${randomUUID()}`,
    `a/b/${randomUUID()}`,
    `.incoming/${randomUUID()}`,
  ])('refuses the key %s', async (key) => {
    await expect(files.stat(key)).rejects.toMatchObject({ code: 'storage.file-key-invalid' });
  });

  const leftovers = () => readdir(join(folder, '.incoming'));
});

const aKey = () => `tenant/${randomUUID()}`;
