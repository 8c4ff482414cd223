import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { eventually, freshS3Url } from '@offload/testing';
import type { FileStore } from './file-store.js';
import { openFileStore } from './open-file-store.js';

const MIB = 1024 ** 2;
const folder = mkdtempSync(join(tmpdir(), 'offload-storage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const s3Url = freshS3Url();
const stores = [
  { name: 'a local folder', url: `file://${folder}`, keptOf42Mib: 42 * MIB },
  // A checkpoint is made after each four parts of 8 MiB.
  ...(s3Url === undefined ? [] : [{ name: 'S3', url: s3Url, keptOf42Mib: 32 * MIB }]),
];

/** What every store promises, on the real thing. */
describe.each(stores)('Files in $name', ({ url, keptOf42Mib }) => {
  let files: FileStore;

  beforeAll(() => {
    files = openFileStore({ STORAGE_URL: url });
  });

  describe('that come whole', () => {
    it('are given back byte for byte, with size and hash', async () => {
      const key = aKey();
      const bytes = randomBytes(20 * MIB + 7);

      const stored = await files.put(key, piecesOf(bytes));

      expect(stored).toEqual({ size: bytes.length, sha256: sha256(bytes) });
      expect(await files.stat(key)).toEqual({ size: bytes.length });
      expect(await contentOf(key)).toEqual(sha256(bytes));
    });

    it('may be empty', async () => {
      const key = aKey();

      const { size } = await files.put(key, Readable.from([]));

      expect(size).toBe(0);
      expect(await text(await files.read(key))).toBe('');
      expect(await text(await files.read(key, { from: 0, to: 10 }))).toBe('');
    });

    it('are read in ranges without their end', async () => {
      const key = aKey();
      await files.put(key, Readable.from(['0123456789']));

      expect(await text(await files.read(key, { from: 2, to: 5 }))).toBe('234');
      expect(await text(await files.read(key, { from: 8 }))).toBe('89');
      expect(await text(await files.read(key, { from: 8, to: 99 }))).toBe('89');
      expect(await text(await files.read(key, { from: 4, to: 4 }))).toBe('');
      expect(await text(await files.read(key, { from: 99, to: 120 }))).toBe('');
    });

    it.each([9, 9 * MIB])('are not kept when they go on past %d bytes', async (maxBytes) => {
      const key = aKey();
      const stream = Readable.from([Buffer.alloc(maxBytes), Buffer.alloc(1), Buffer.alloc(1)]);

      const put = files.put(key, stream, { maxBytes });

      await expect(put).rejects.toMatchObject({ code: 'storage.file-too-large', maxBytes });
      expect(stream.destroyed).toBe(false);
      await expectNothingAt(key);
    });

    it('may have exactly the limit', async () => {
      const stored = await files.put(aKey(), Readable.from(['12345']), { maxBytes: 5 });

      expect(stored.size).toBe(5);
    });

    it.each([9, 9 * MIB])('are not kept when they break off after %d bytes', async (length) => {
      const key = aKey();

      const put = files.put(key, breakingOff(Buffer.alloc(length)));

      await expect(put).rejects.toThrow('the client went away');
      await expectNothingAt(key);
    });

    it('are not kept when they are stopped, also while nothing comes', async () => {
      const key = aKey();
      const stop = new AbortController();
      const stalled = new Readable({ read: () => undefined });
      stalled.push('what had come');

      const put = files.put(key, stalled, { stop: stop.signal });
      stop.abort(new Error('no time left'));

      await expect(put).rejects.toThrow('no time left');
      expect(stalled.destroyed).toBe(false);
      await expectNothingAt(key);
    });

    it('are removed twice without complaint', async () => {
      const key = aKey();
      await files.put(key, Readable.from(['x']));

      await files.remove(key);
      await files.remove(key);

      await expectNothingAt(key);
      const range = files.read(key, { from: 1, to: 1 });
      await expect(range).rejects.toMatchObject({ code: 'storage.file-not-found' });
    });
  });

  describe('that come in pieces', () => {
    it('grow by each piece and become the file when they are finished', async () => {
      const key = aKey();

      expect(await files.partial(key)).toEqual({ offset: 0 });
      expect(await append(key, 'one,', 0)).toEqual({ offset: 4, brokeOff: false });
      expect(await append(key, 'two', 4)).toEqual({ offset: 7, brokeOff: false });
      expect(await files.partial(key)).toEqual({ offset: 7 });
      await expectNothingAt(key);

      expect(await files.finish(key)).toEqual({ size: 7 });
      expect(await files.finish(key)).toEqual({ size: 7 });

      expect(await text(await files.read(key))).toBe('one,two');
      expect(await files.partial(key)).toEqual({ offset: 0 });
    });

    it.each([1, 3 * MIB, 8 * MIB, 35 * MIB])(
      'are byte for byte what was sent when the pieces have %d bytes',
      async (pieceBytes) => {
        const key = aKey();
        const bytes = randomBytes(pieceBytes === 1 ? 5 : Math.max(20 * MIB, pieceBytes) + 11);

        for (let at = 0; at < bytes.length; at += pieceBytes) {
          const piece = bytes.subarray(at, at + pieceBytes);
          const { offset } = await files.append(key, piecesOf(piece), { offset: at });
          expect(offset).toBe(at + piece.length);
        }
        const { size } = await files.finish(key);

        expect(size).toBe(bytes.length);
        expect(await contentOf(key)).toBe(sha256(bytes));
      },
    );

    it.each([5, 20 * MIB])('keep all %d bytes of a piece that breaks off', async (length) => {
      const key = aKey();
      const bytes = randomBytes(length);
      const stream = breakingOff(bytes);

      const broken = await files.append(key, stream, { offset: 0 });

      expect(broken).toMatchObject({ offset: length, brokeOff: true });
      expect(broken.error).toMatchObject({ message: 'the client went away' });
      expect(await files.partial(key)).toEqual({ offset: length });
      await append(key, 'the rest', length);
      await files.finish(key);
      expect(await contentOf(key)).toBe(sha256(Buffer.concat([bytes, Buffer.from('the rest')])));
    });

    it('keep what came of a connection that was cut', async () => {
      const key = aKey();
      const arriving = ['half'];
      const stream = new Readable({
        highWaterMark: 1,
        read() {
          const bytes = arriving.shift();
          if (bytes === undefined) this.destroy();
          else this.push(bytes);
        },
      });

      const appending = files.append(key, stream, { offset: 0 });

      expect(await appending).toMatchObject({
        offset: 4,
        brokeOff: true,
        error: { code: 'ERR_STREAM_PREMATURE_CLOSE' },
      });
    });

    it('do not destroy the stream of a piece', async () => {
      const stream = new Readable({ read: () => undefined, autoDestroy: false });
      stream.push('all');
      stream.push(null);

      await files.append(aKey(), stream, { offset: 0 });

      expect(stream.destroyed).toBe(false);
    });

    it.each([
      { first: 4, second: 3 },
      { first: 20 * MIB, second: 20 * MIB },
      { first: 0, second: 17 * MIB },
    ])(
      'lose a piece that was never reported ($first and $second bytes)',
      async ({ first, second }) => {
        const key = aKey();
        const [kept, lost, right] = [randomBytes(first), randomBytes(second), randomBytes(9)];
        await files.append(key, piecesOf(kept), { offset: 0 });
        await files.append(key, piecesOf(lost), { offset: first });

        const again = await files.append(key, piecesOf(right), { offset: first });

        expect(again.offset).toBe(first + 9);
        expect(await files.partial(key)).toEqual({ offset: first + 9 });
        await files.finish(key);
        expect(await contentOf(key)).toBe(sha256(Buffer.concat([kept, right])));
      },
    );

    it('hold what had come until a process died, for another one to continue', async () => {
      const key = aKey();
      const bytes = randomBytes(43 * MIB);
      const stalling = new Readable({ read: () => undefined });
      stalling.push(bytes.subarray(0, 42 * MIB));
      const abandoned = files.append(key, stalling, { offset: 0 });
      const offset = keptOf42Mib;
      await eventually(async () => expect(await files.partial(key)).toEqual({ offset }));

      const other = openFileStore({ STORAGE_URL: url });
      await other.append(key, piecesOf(bytes.subarray(offset)), { offset });
      await other.finish(key);

      expect(await contentOf(key)).toBe(sha256(bytes));
      stalling.destroy();
      await abandoned;
    });

    it.each([1, 7, 20 * MIB])('are not continued behind their end (%d)', async (offset) => {
      const key = aKey();
      if (offset > 1) await append(key, 'four', 0);
      const { offset: before } = await files.partial(key);

      const appending = append(key, 'more', offset);

      await expect(appending).rejects.toMatchObject({ code: 'storage.partial-mismatch' });
      expect(await files.partial(key)).toEqual({ offset: before });
    });

    it('are filled up to the limit, and then refuse more', async () => {
      const key = aKey();
      await append(key, '0123', 0);

      const appending = append(key, '456789', 4, 6);

      await expect(appending).rejects.toMatchObject({
        code: 'storage.file-too-large',
        maxBytes: 6,
      });
      expect(await files.partial(key)).toEqual({ offset: 6 });
      await expect(append(key, 'x', 6, 6)).rejects.toMatchObject({ maxBytes: 6 });
      expect(await append(key, '', 6, 6)).toEqual({ offset: 6, brokeOff: false });
      await files.finish(key);
      expect(await text(await files.read(key))).toBe('012345');
    });

    it('may be empty, but have to have come', async () => {
      const key = aKey();

      await expect(files.finish(key)).rejects.toMatchObject({ code: 'storage.file-not-found' });
      expect(await append(key, '', 0)).toEqual({ offset: 0, brokeOff: false });

      expect(await files.finish(key)).toEqual({ size: 0 });
    });

    it.each([4, 20 * MIB])('are gone when they are discarded (%d bytes)', async (length) => {
      const key = aKey();
      await files.append(key, piecesOf(randomBytes(length)), { offset: 0 });

      await files.discard(key);
      await files.discard(key);

      expect(await files.partial(key)).toEqual({ offset: 0 });
      await expect(files.finish(key)).rejects.toMatchObject({ code: 'storage.file-not-found' });
    });

    it('stay what they are when a finished file is discarded again', async () => {
      const key = aKey();
      await append(key, 'whole', 0);
      await files.finish(key);

      await files.discard(key);

      expect(await text(await files.read(key))).toBe('whole');
    });
  });

  describe('that are joined', () => {
    it.each([
      { sizes: [3, 0, 4], why: 'small and empty ones' },
      { sizes: [6 * MIB, 5 * MIB, 7], why: 'large ones and a small last one' },
      { sizes: [6 * MIB, 9, 6 * MIB], why: 'a small one in the middle' },
      { sizes: [], why: 'none' },
    ])('become one file in their order: $why', async ({ sizes }) => {
      const contents = sizes.map((size) => randomBytes(size));
      const parts = sizes.map(aKey);
      for (const [index, part] of parts.entries()) {
        await files.put(part, piecesOf(contents[index] ?? Buffer.alloc(0)));
      }
      const key = aKey();

      const joined = await files.concat(key, parts);

      const whole = Buffer.concat(contents);
      expect(joined).toEqual({ size: whole.length });
      expect(await contentOf(key)).toBe(sha256(whole));
      for (const [index, size] of sizes.entries()) {
        expect(await files.stat(parts[index] ?? '')).toEqual({ size });
      }
      expect(await files.concat(key, parts)).toEqual(joined);
    });

    it('become nothing when one of them is missing', async () => {
      const [there, key] = [aKey(), aKey()];
      await files.put(there, Readable.from(['x']));

      const joining = files.concat(key, [there, aKey()]);

      await expect(joining).rejects.toMatchObject({ code: 'storage.file-not-found' });
      await expectNothingAt(key);
    });
  });

  it.each(['../etc/passwd', 'tenant', `a/b/${randomUUID()}`, `.partials/${randomUUID()}`])(
    'are not kept under the key %s',
    async (key) => {
      const refused = expect.objectContaining({ code: 'storage.file-key-invalid' }) as unknown;
      const attempts = [
        () => files.put(key, Readable.from(['x'])),
        () => files.read(key),
        () => files.stat(key),
        () => files.remove(key),
        () => files.partial(key),
        () => files.append(key, Readable.from(['x']), { offset: 0 }),
        () => files.finish(key),
        () => files.discard(key),
        () => files.concat(key, []),
        () => files.concat(aKey(), [key]),
      ];

      for (const attempt of attempts) {
        await expect(attempt()).rejects.toEqual(refused);
      }
    },
  );

  const append = (key: string, content: string, offset: number, maxBytes = Infinity) =>
    files.append(key, Readable.from([content]), { offset, maxBytes });

  const contentOf = async (key: string): Promise<string> =>
    sha256(await buffer(await files.read(key)));

  const expectNothingAt = async (key: string): Promise<void> => {
    await expect(files.stat(key)).rejects.toMatchObject({ code: 'storage.file-not-found' });
    await expect(files.read(key)).rejects.toMatchObject({ code: 'storage.file-not-found' });
  };
});

const aKey = () => `tenant/${randomUUID()}`;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** As they come from a connection, in odd sizes. */
function piecesOf(bytes: Buffer): Readable {
  const odd = 65_521;
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += odd) yield bytes.subarray(at, at + odd);
    })(),
  );
}

function breakingOff(bytes: Buffer): Readable {
  return Readable.from(
    (function* () {
      yield bytes;
      throw new Error('the client went away');
    })(),
  );
}
