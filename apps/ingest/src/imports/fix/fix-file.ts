import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import {
  convertSource,
  type CsvRecord,
  FileRefused,
  type Inspection,
  type SourceFile,
} from '@offload/formats';
import type { FileStore } from '@offload/storage';
import { sourceLimits } from '../../config.js';
import { cutFile } from '../load/cut-file.js';
import { readRecords } from '../load/read-records.js';
import { lookInto } from '../start/look-into.js';
import { sourceFile } from '../start/source-file.js';

/** A list of corrected rows, opened. */
export interface FixFile {
  /** Its columns as it names them. */
  columns: string[];
  /** Its records, some thousand at a time. */
  records(): AsyncGenerator<CsvRecord[]>;
  /** Removes what was stored to read it. */
  close(): Promise<void>;
}

/**
 * Opens a list of corrected rows. Whoever has corrected it may have saved it in another encoding, dialect or format than
 * it was sent in, so it is looked into like any file, and made plain under `plainKey` where it cannot be cut as it is.
 */
export async function openFixFile(
  files: FileStore,
  file: { key: string; name: string; size: number },
  plainKey: string,
): Promise<FixFile | FileRefused> {
  const told = { source: { header: true }, values: {} };
  const found = await lookInto(sourceFile(files, file), told);
  if (found instanceof FileRefused) return found;
  if (!found.needsConversion) {
    return fixFile(files, file, found, async () => undefined);
  }
  const close = (): Promise<void> => files.remove(plainKey);
  try {
    const { plain, bytes } = convertSource(sourceFile(files, file), found.source, sourceLimits);
    const { size } = await files.put(plainKey, Readable.from(bytes));
    const copy = { key: plainKey, name: file.name, size };
    const { bom: _bom, ...source } = plain;
    const again = await lookInto(sourceFile(files, copy), { source, values: {} });
    if (!(again instanceof FileRefused)) return fixFile(files, copy, again, close);
    await close();
    return again;
  } catch (error) {
    await close();
    if (error instanceof FileRefused) return error;
    throw error;
  }
}

function fixFile(
  files: FileStore,
  file: Pick<SourceFile, 'size'> & { key: string },
  { source, columns, data }: Inspection,
  close: () => Promise<void>,
): FixFile {
  const sourceColumns = columns.map(({ original }) => original);
  return { columns: sourceColumns, records, close };

  async function* records(): AsyncGenerator<CsvRecord[]> {
    for (let position = data; position;) {
      const { chunks, next } = await cutFile(files, file, source, position);
      for (const { from, to, firstRow, firstLine } of chunks) {
        const slice = await buffer(await files.read(file.key, { from, to }));
        const at = { offset: from, row: firstRow, line: firstLine };
        yield [...readRecords(slice, { source, sourceColumns }, at)];
      }
      position = next;
    }
  }
}
