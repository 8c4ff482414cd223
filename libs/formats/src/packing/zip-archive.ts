import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import { FileRefused } from '../csv/csv.errors.js';
import { readRange, streamRange } from '../source/read-range.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { INFLATE_CHUNK_BYTES, inflateFault, inflateWith } from './inflate.js';
import type { InflateMeter } from './inflate-meter.js';
import { PackingDamaged, PackingTruncated } from './packing.errors.js';
import { ZipReader } from './zip-reader.js';
import { ZipEncrypted, ZipMethodUnsupported, ZipTooManyEntries } from './zip.errors.js';

/**
 * A zip archive that is read where it lies: its directory first, then single files of it.
 *
 * Names are names: they are compared and shown, and never used as a path. What a file unfolds to is counted
 * and compared with its checksum, so that a damaged one is told and not imported.
 */
export class ZipArchive {
  private constructor(
    private readonly file: SourceFile,
    private readonly zip: ZipFile,
    private readonly reader: ZipReader,
    /** All files in the order of the directory; folders are left out. */
    readonly entries: readonly Entry[],
  ) {}

  /** Reads the directory. Throws PackingTruncated, PackingDamaged or ZipTooManyEntries. */
  static async open(
    file: SourceFile,
    { maxEntries }: Pick<SourceLimits, 'maxEntries'>,
  ): Promise<ZipArchive> {
    const reader = new ZipReader(file);
    const work = async (): Promise<ZipArchive> => {
      const zip = await fromRandomAccessReaderPromise(reader, file.size, { autoClose: false });
      if (zip.entryCount > maxEntries) throw new ZipTooManyEntries(zip.entryCount, maxEntries);
      const entries: Entry[] = [];
      for await (const entry of zip.eachEntry()) {
        if (!entry.fileName.endsWith('/')) entries.push(entry);
      }
      return new ZipArchive(file, zip, reader, entries);
    };
    return await explained(reader, file, work);
  }

  /**
   * Unpacks one file, counted by the meter. Throws ZipEncrypted, ZipMethodUnsupported, PackingDamaged, and
   * what the meter throws.
   */
  async *read(entry: Entry, meter: InflateMeter): AsyncGenerator<Buffer> {
    if (entry.isEncrypted()) throw new ZipEncrypted(entry.fileName);
    if (!entry.canDecodeFileData()) {
      throw new ZipMethodUnsupported(entry.fileName, entry.compressionMethod);
    }
    const from = await explained(this.reader, this.file, async () => {
      const header = await this.zip.readLocalFileHeaderPromise(entry, { minimal: true });
      return header.fileDataStart;
    });
    const packed = counted(
      streamRange(this.file, { from, to: from + entry.compressedSize }),
      meter,
    );
    let size = 0;
    let checksum = 0;
    try {
      for await (const chunk of unpacked(packed, entry)) {
        meter.countInflated(chunk.length);
        size += chunk.length;
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      if (inflateFault(error) === undefined) throw error;
      throw damaged(entry, error);
    }
    if (size !== entry.uncompressedSize || checksum !== entry.crc32) throw damaged(entry);
  }
}

/** Tells apart an archive that is wrong from storage that does not answer, which another try may help. */
async function explained<T>(
  reader: ZipReader,
  file: SourceFile,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await Promise.race([work(), reader.broken]);
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure;
    if (error instanceof FileRefused) throw error;
    const { message } = error as Error;
    const hasNoEnd = message.startsWith('End of central directory record');
    if (hasNoEnd && (await isZip(file))) throw new PackingTruncated('zip', file.size);
    throw new PackingDamaged('zip', `${message.replace(/\.$/, '')}.`, error);
  }
}

async function isZip(file: SourceFile): Promise<boolean> {
  const head = await readRange(file, { from: 0, to: 4 });
  return head.toString('latin1') === 'PK\x03\x04';
}

async function* counted(input: AsyncIterable<Buffer>, meter: InflateMeter): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    meter.countPacked(chunk.length);
    yield chunk;
  }
}

function unpacked(packed: AsyncIterable<Buffer>, entry: Entry): AsyncIterable<Buffer> {
  if (entry.compressionMethod === STORED) return packed;
  return inflateWith(createInflateRaw({ chunkSize: INFLATE_CHUNK_BYTES }), packed);
}

const STORED = 0;

function damaged(entry: Entry, cause?: unknown): PackingDamaged {
  return new PackingDamaged('zip', `“${entry.fileName}” does not match its checksum.`, cause);
}
