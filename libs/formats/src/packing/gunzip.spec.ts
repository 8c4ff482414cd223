import { gzipSync } from 'node:zlib';
import { collect, cut, withByte } from '../source/file-harness.js';
import { gunzip } from './gunzip.js';
import { InflateMeter } from './inflate-meter.js';

describe(gunzip.name, () => {
  it('reads all members, and zero bytes behind the last as padding', async () => {
    const file = Buffer.concat([gzipSync('one\n'), gzipSync('two\n'), Buffer.alloc(512)]);

    expect(await unpack(file)).toBe('one\ntwo\n');
  });

  it.each([
    ['half a trailer', gzipSync('one\n').subarray(0, -3)],
    ['half a header', gzipSync('one\n').subarray(0, 6)],
    [
      'a second member that breaks off',
      Buffer.concat([gzipSync('1'), gzipSync('2').subarray(0, 9)]),
    ],
    ['nothing', Buffer.alloc(0)],
  ])('says that a file ends in the middle: %s', async (_, file) => {
    await expect(unpack(file)).rejects.toMatchObject({ code: 'packing_truncated' });
  });

  it.each([
    ['a wrong checksum', withByte(gzipSync('one\n'), -8)],
    ['text behind the end', Buffer.concat([gzipSync('one\n'), Buffer.from('two\n')])],
    [
      'a member behind padding, which zlib would leave out',
      Buffer.concat([gzipSync('one\n'), Buffer.alloc(20), gzipSync('two\n')]),
    ],
  ])('says that a file is damaged: %s', async (_, file) => {
    await expect(unpack(file)).rejects.toMatchObject({ code: 'packing_damaged' });
  });

  it('ends a bomb while it unfolds', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MiB));
    const meter = { maxInflatedBytes: 1024 * MiB, maxRatio: 200 };

    expect(await unpackedBefore(bomb, meter)).toMatchObject({
      bytes: 16 * MiB,
      error: { code: 'inflation_suspicious' },
    });
    expect(await unpackedBefore(bomb, { maxInflatedBytes: MiB, maxRatio: 200 })).toMatchObject({
      bytes: MiB,
      error: { code: 'inflated_too_large' },
    });
  });

  it('hands on why the file could not be read', async () => {
    const lost = new Error('The disk is gone.');
    async function* breakingOff(): AsyncGenerator<Buffer> {
      yield gzipSync('one\n').subarray(0, 10);
      throw lost;
    }

    await expect(collect(gunzip(breakingOff(), aMeter()))).rejects.toBe(lost);
  });

  it('closes its input when nobody wants more', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield gzipSync('one\n'.repeat(1000));
      } finally {
        isClosed = true;
      }
    }

    for await (const chunk of gunzip(endless(), aMeter())) if (chunk.length > 0) break;

    expect(isClosed).toBe(true);
  });
});

const MiB = 1024 * 1024;

function aMeter(): InflateMeter {
  return new InflateMeter({ maxInflatedBytes: 1024 * MiB, maxRatio: 200 });
}

async function unpack(file: Buffer): Promise<string> {
  // One byte at a time, which no state between buffers survives by luck.
  return (await collect(gunzip(cut(file, [1]), aMeter()))).toString();
}

async function unpackedBefore(
  file: Buffer,
  limits: ConstructorParameters<typeof InflateMeter>[0],
): Promise<{ bytes: number; error: unknown }> {
  let bytes = 0;
  try {
    for await (const chunk of gunzip(cut(file), new InflateMeter(limits))) bytes += chunk.length;
  } catch (error) {
    return { bytes, error };
  }
  throw new Error('The bomb went off.');
}
