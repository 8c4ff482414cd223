import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { LocalFileStore } from './local-file-store.js';

/** What only a folder has to promise; the rest is in file-store.compliance.int.spec.ts. */
describe(LocalFileStore.name, () => {
  let folder: string;
  let files: LocalFileStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-store-'));
    files = new LocalFileStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps a file under the path that its key says', async () => {
    const key = aKey();

    await files.put(key, Readable.from(['x']));

    expect(await readdir(folder, { recursive: true })).toContain(key);
  });

  it('says what to do when its folder is missing, or is a file', async () => {
    await expect(new LocalFileStore(join(folder, 'nowhere')).check()).rejects.toMatchObject({
      code: 'storage.unfit',
      message: expect.stringMatching(/does not exist\. Make it, or mount it/),
    });
    await appendFile(join(folder, 'file'), 'x');
    await expect(new LocalFileStore(join(folder, 'file')).check()).rejects.toThrow('is a file');

    await expect(files.check()).resolves.toBeUndefined();
  });

  it('leaves nothing of a file that was not taken', async () => {
    const broken = Readable.from(
      (function* () {
        yield 'half';
        throw new Error('the client went away');
      })(),
    );

    await expect(files.put(aKey(), broken)).rejects.toThrow('the client went away');
    const tooLong = files.put(aKey(), Readable.from(['xx']), { maxBytes: 1 });
    await expect(tooLong).rejects.toThrow('larger than the limit');
    await expect(files.concat(aKey(), [aKey()])).rejects.toThrow('There is no stored file');

    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
  });

  it('cuts off what a killed process wrote of a piece and never reported', async () => {
    const key = aKey();
    await files.append(key, Readable.from(['kept,']), { offset: 0 });
    await appendFile(join(folder, '.partials', key), 'written and not reported');

    expect(await files.partial(key)).toEqual({ offset: 29 });
    await files.append(key, Readable.from(['right']), { offset: 5 });

    await files.finish(key);
    expect(await text(await files.read(key))).toBe('kept,right');
  });

  it('makes no file where there is nothing to continue', async () => {
    const key = aKey();

    const appending = files.append(key, Readable.from(['x']), { offset: 7 });
    await expect(appending).rejects.toThrow('cannot be continued at byte 7');

    expect(await readdir(folder, { recursive: true })).toEqual([]);
  });

  it('refuses a key that would name its own folders', async () => {
    const put = files.put(`.incoming/${randomUUID()}`, Readable.from(['x']));

    await expect(put).rejects.toMatchObject({ code: 'storage.file-key-invalid' });
  });
});

const aKey = () => `tenant/${randomUUID()}`;
