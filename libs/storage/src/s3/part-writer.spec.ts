import { randomBytes } from 'node:crypto';
import { PART_BYTES, PartWriter } from './part-writer.js';

describe(PartWriter.name, () => {
  it('cuts what is written into numbered parts of one size, and gives back the rest', async () => {
    const bytes = randomBytes(2 * PART_BYTES + 5);
    const stored: Buffer[] = [];
    const numbers: number[] = [];
    const writer = new PartWriter(3, async (number, part) => {
      numbers.push(number);
      stored.push(Buffer.from(part));
    });

    for (let at = 0; at < bytes.length; at += 1_000_003) {
      await writer.write(bytes.subarray(at, at + 1_000_003));
    }
    const rest = await writer.rest();

    expect(numbers).toEqual([4, 5]);
    expect(stored.map(({ length }) => length)).toEqual([PART_BYTES, PART_BYTES]);
    expect(Buffer.concat([...stored, rest]).equals(bytes)).toBe(true);
  });

  it('lets nobody write a third part before the first is stored', async () => {
    const part = Buffer.alloc(PART_BYTES);
    const first = Promise.withResolvers<void>();
    let stored = 0;
    const writer = new PartWriter(0, async () => {
      await first.promise;
      stored += 1;
    });
    await writer.write(part);
    let isWritten = false;
    const second = writer.write(part).then(() => (isWritten = true));

    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    first.resolve();
    await second;
    await writer.rest();

    expect(stored).toBe(2);
  });

  it('tells whoever goes on writing that a part could not be stored', async () => {
    const writer = new PartWriter(0, () => Promise.reject(new Error('no')));
    await writer.write(Buffer.alloc(PART_BYTES));

    await expect(writer.write(Buffer.alloc(PART_BYTES))).rejects.toThrow('no');
    await expect(writer.rest()).rejects.toThrow('no');
  });

  it('refuses more parts than S3 takes', async () => {
    const writer = new PartWriter(9_999, () => Promise.resolve());

    const writing = writer.write(Buffer.alloc(PART_BYTES));

    await expect(writing).rejects.toMatchObject({ code: 'storage.file-too-large' });
  });
});
