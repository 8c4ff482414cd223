import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { inRepository } from '../repository.mts';
import type { Random } from './random.mts';

export type Formats = typeof import('@offload/formats');
export type ResolvedSource = import('@offload/formats').ResolvedSource;
export type SourceFile = import('@offload/formats').SourceFile;
export type SourceRecord = import('@offload/formats').SourceRecord;

/** The library as the services run it, built. */
export const formats = createRequire(import.meta.url)(
  inRepository('dist/libs/formats/src/index.js'),
) as Formats;

export const PLAIN: ResolvedSource = {
  format: 'csv',
  packing: 'none',
  encoding: 'utf-8',
  bom: false,
  delimiter: ',',
  quote: '"',
  escape: null,
  newline: 'lf',
  header: true,
  skip: 0,
  footer: 0,
};

/** A file that is handed out in pieces of any size. */
export function fileOf(random: Random, bytes: Buffer, name = 'rows'): SourceFile {
  return {
    name,
    size: bytes.length,
    read: async ({ from = 0, to = bytes.length } = {}) =>
      Readable.from(pieces(random, bytes.subarray(from, to))),
  };
}

export function* pieces(random: Random, bytes: Buffer): Generator<Buffer> {
  const most = random.pick([2, 9, 50, 1000]);
  for (let from = 0; from < bytes.length;) {
    const size = 1 + random.upTo(most);
    yield Buffer.from(bytes.subarray(from, from + size));
    from += size;
  }
}

/** What a conversion came to: its bytes, or the code for which the file was refused. Anything else is thrown. */
export async function outcomeOf(work: () => Promise<Buffer>): Promise<Buffer | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof formats.FileRefused && error.message !== '') return error.code;
    throw error;
  }
}

export async function collect(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads plain text as an import does, and makes sure that no byte and no record is lost between its steps. */
export function readPlain(
  random: Random,
  bytes: Buffer,
  plain: ResolvedSource,
  {
    columns = [],
    recordLimit = 8 * 1024 * 1024,
  }: { columns?: string[]; recordLimit?: number } = {},
): SourceRecord[] | string {
  const { delimiter, newline } = plain;
  const dialect = { delimiter, quote: '"' as const, newline, hasHeader: true, bom: false };
  const isCsv = plain.format === 'csv';
  const options = { chunkBytes: 1 + random.upTo(60), recordLimit };
  const scanner = isCsv
    ? new formats.RecordScanner(dialect, options)
    : new formats.LineScanner(options);
  let chunks;
  try {
    chunks = [
      ...Array.from(pieces(random, bytes), (piece) => scanner.push(piece)).flat(),
      ...scanner.end(),
    ];
  } catch (error) {
    if (error instanceof formats.FileRefused) return error.code;
    throw error;
  }
  let end = 0;
  const records = chunks.flatMap((chunk) => {
    must(chunk.from === end && chunk.to > end, 'chunks lie one behind the other');
    end = chunk.to;
    const slice = bytes.subarray(chunk.from, chunk.to);
    const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
    const found = [
      ...(isCsv
        ? formats.parseRecords(slice, dialect, at)
        : formats.parseJsonLines(slice, columns, at)),
    ];
    must(found.length === chunk.rows, 'as many records are read as were scanned');
    return found;
  });
  must(end === bytes.length, 'the chunks cover the file');
  mustCover(records, bytes);
  return records;
}

/** What no record covers is blank. */
function mustCover(records: readonly SourceRecord[], bytes: Buffer): void {
  let at = 0;
  let row = 0;
  for (const record of [...records, undefined]) {
    const gap = bytes.subarray(at, record?.offset ?? bytes.length).toString('latin1');
    must(/^[\r\n \t]*$/.test(gap), 'nothing lies between two records');
    if (record === undefined) return;
    must(record.row === ++row && record.end > record.offset, 'records are counted');
    at = record.end;
  }
}

/** Throws when what a target promises does not hold. */
export function must(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`Broken promise: ${promise}.`);
}

export function mustEqual(found: unknown, expected: unknown, promise: string): void {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`Broken promise: ${promise}.\n  found    ${a}\n  expected ${b}`);
}
