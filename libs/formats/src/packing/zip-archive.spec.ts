import { aFile, aZip, collect, withByte } from '../source/file-harness.js';
import { chooseEntry } from './choose-entry.js';
import { InflateMeter } from './inflate-meter.js';
import { ZipArchive } from './zip-archive.js';

describe(ZipArchive.name, () => {
  it('reads the only file, whatever folders and clutter lie around it', async () => {
    const file = await aZip({
      'export/': '',
      '__MACOSX/export/._rows.csv': 'clutter',
      'export/.DS_Store': 'clutter',
      'export/rows.csv': 'a,b\n1,2\n',
    });

    expect(await unpack(file)).toBe('a,b\n1,2\n');
  });

  it('reads the file that is named, stored or deflated', async () => {
    const file = await aZip({ 'a.csv': 'a\n', 'b.csv': 'b\n' }, { compress: false });

    expect(await unpack(file, 'b.csv')).toBe('b\n');
  });

  it('lists the names when there are several and none was named', async () => {
    const file = await aZip({ 'a.csv': 'a\n', 'b.csv': 'b\n' });

    await expect(unpack(file)).rejects.toMatchObject({
      code: 'zip_entry_not_chosen',
      message: 'The zip archive contains 2 files: “a.csv”, “b.csv”.',
    });
    await expect(unpack(file, 'c.csv')).rejects.toMatchObject({
      code: 'zip_entry_unknown',
      details: { entries: ['a.csv', 'b.csv'] },
    });
  });

  it('refuses an archive without files, and one with more than anybody chooses from', async () => {
    await expect(unpack(await aZip({ 'folder/': '' }))).rejects.toMatchObject({
      code: 'zip_empty',
    });
    await expect(
      ZipArchive.open(aFile(await aZip({ a: '1', b: '2', c: '3' })), { maxEntries: 2 }),
    ).rejects.toMatchObject({ code: 'zip_too_many_entries' });
  });

  it.each<[string, string, (zip: Buffer) => Buffer]>([
    ['its end is missing', 'packing_truncated', (zip) => zip.subarray(0, -30)],
    ['its contents were changed', 'packing_damaged', (zip) => withByte(zip, 45)],
    ['it is protected by a password', 'zip_encrypted', (zip) => withFlag(zip, 1)],
    ['it uses a rare method', 'zip_method_unsupported', (zip) => withMethod(zip, 12)],
    [
      'a name leads out of it',
      'packing_damaged',
      (zip) => Buffer.from(zip.toString('latin1').replaceAll('rows.csv', '../s.csv'), 'latin1'),
    ],
  ])('refuses an archive when %s', async (_, code, change) => {
    const file = change(await aZip({ 'rows.csv': 'a,b\n'.repeat(100) }));

    await expect(unpack(file)).rejects.toMatchObject({ code });
  });

  it('ends a bomb while it unfolds, whatever its headers say', async () => {
    const bomb = await aZip({ bomb: Buffer.alloc(40 * MiB) });

    let bytes = 0;
    const unpacking = async () => {
      const archive = await ZipArchive.open(aFile(bomb), { maxEntries: 10 });
      const meter = new InflateMeter({ maxInflatedBytes: Infinity, maxRatio: 200 });
      const entry = chooseEntry(archive.entries, undefined);
      for await (const chunk of archive.read(entry, meter)) bytes += chunk.length;
    };

    await expect(unpacking()).rejects.toMatchObject({ code: 'inflation_suspicious' });
    expect(bytes).toBe(16 * MiB);
  });

  it('hands on why the storage could not be read', async () => {
    const lost = Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' });
    const file = { ...aFile(await aZip({ a: '1' })), read: () => Promise.reject(lost) };

    await expect(ZipArchive.open(file, { maxEntries: 10 })).rejects.toBe(lost);
  });

  it('asks the storage few times, however many files there are', async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`${index}`, 'x']));
    const file = aFile(await aZip(many));
    let reads = 0;
    const counted = { ...file, read: (range?: object) => (reads++, file.read(range)) };

    const { entries } = await ZipArchive.open(counted, { maxEntries: 2000 });

    expect(entries).toHaveLength(2000);
    expect(reads).toBeLessThan(5);
  });
});

const MiB = 1024 * 1024;

async function unpack(bytes: Buffer, name?: string): Promise<string> {
  const archive = await ZipArchive.open(aFile(bytes), { maxEntries: 10 });
  const meter = new InflateMeter({ maxInflatedBytes: Infinity, maxRatio: 200 });
  return (await collect(archive.read(chooseEntry(archive.entries, name), meter))).toString();
}

function withFlag(bytes: Buffer, flag: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf('PK\x01\x02') + 8;
  changed[at] = (changed[at] ?? 0) | flag;
  return changed;
}

function withMethod(bytes: Buffer, method: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16LE(method, changed.indexOf('PK\x01\x02') + 10);
  return changed;
}
