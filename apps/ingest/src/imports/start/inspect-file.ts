import { buffer } from 'node:stream/consumers';
import type { FileStore } from '@offload/storage';
import {
  type CsvDialect,
  detectDialect,
  type HeaderColumn,
  parseRecords,
  readHeader,
  type SampledRecord,
  sampleRecords,
  type ScanPosition,
} from '@offload/formats';

/** What a file looks like, from its head and a few places further in. */
export interface Inspection {
  dialect: CsvDialect;
  columns: HeaderColumn[];
  /** The first record behind the header. */
  data: ScanPosition;
  /** Values to infer types from. */
  samples: SampledRecord[];
}

const headBytes = 1024 * 1024;
const sliceBytes = 64 * 1024;
const slices = 8;

/**
 * Looks into a stored CSV file without reading all of it: at most 1.5 MiB, whatever its size.
 *
 * Throws FileRefused when it cannot be read as CSV, and FileNotFound.
 */
export async function inspectFile(
  files: FileStore,
  { key, size }: { key: string; size: number },
): Promise<Inspection> {
  const head = await buffer(await files.read(key, { to: headBytes }));
  const isWholeFile = size <= headBytes;
  const dialect = detectDialect(head);
  const { columns, data } = readHeader(head, dialect, { isWholeFile });
  return {
    dialect,
    columns,
    data,
    samples: [
      ...headRecords(head, dialect, data, isWholeFile),
      ...(await laterRecords(files, { key, size }, dialect, columns.length)),
    ],
  };
}

function headRecords(
  head: Buffer,
  dialect: CsvDialect,
  data: ScanPosition,
  isWholeFile: boolean,
): SampledRecord[] {
  const records = [...parseRecords(head.subarray(data.offset), dialect, data)];
  // The last one may be cut off by the end of the sample.
  if (!isWholeFile) records.pop();
  return records.filter(({ problems }) => problems.length === 0).map(({ fields }) => fields);
}

async function laterRecords(
  files: FileStore,
  { key, size }: { key: string; size: number },
  dialect: CsvDialect,
  width: number,
): Promise<SampledRecord[]> {
  if (size <= headBytes) return [];
  const step = (size - headBytes) / slices;
  const sampled: SampledRecord[] = [];
  for (let number = 1; number <= slices; number += 1) {
    const to = Math.floor(headBytes + number * step);
    const slice = await buffer(await files.read(key, { from: to - sliceBytes, to }));
    sampled.push(...sampleRecords(slice, dialect, width));
  }
  return sampled;
}
