import type { FileHandle } from 'node:fs/promises';
import { GatheringWriter } from './gathering-writer.js';

const MiB = 1024 * 1024;

describe(GatheringWriter.name, () => {
  it('writes everything in its order, also where the system takes less than it was given', async () => {
    const file = aFile({ atMost: 700_001 });
    const pieces = Array.from({ length: 50 }, (_, n) => Buffer.alloc(60_000 + n, `${n};`));
    const writer = new GatheringWriter(file.handle);

    for (const piece of pieces) await writer.add(piece);
    await writer.end();

    expect(file.written().equals(Buffer.concat(pieces))).toBe(true);
  });

  it('writes small pieces together', async () => {
    const file = aFile();
    const writer = new GatheringWriter(file.handle);

    for (let n = 0; n < 1000; n++) await writer.add(Buffer.from('a,b\n'));
    await writer.end();

    expect(file.calls()).toBe(1);
    expect(file.written()).toHaveLength(4000);
  });

  it('tells of a write that failed with the next piece or the end', async () => {
    const full = Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
    const writer = new GatheringWriter(aFile({ error: full }).handle);

    await writer.add(Buffer.alloc(MiB));

    await expect(writer.end()).rejects.toBe(full);
  });

  it('writes nothing when nothing was added', async () => {
    const file = aFile();

    await new GatheringWriter(file.handle).end();

    expect(file.calls()).toBe(0);
  });
});

/** A file whose system takes so many bytes at once. */
function aFile({ atMost = Infinity, error }: { atMost?: number; error?: Error } = {}) {
  let written = Buffer.alloc(0);
  let calls = 0;
  const writev = async (pieces: Uint8Array[]): Promise<{ bytesWritten: number }> => {
    calls += 1;
    if (error) throw error;
    const bytes = Buffer.concat(pieces).subarray(0, atMost);
    written = Buffer.concat([written, bytes]);
    return { bytesWritten: bytes.length };
  };
  return {
    handle: { writev } as unknown as FileHandle,
    written: () => written,
    calls: () => calls,
  };
}
