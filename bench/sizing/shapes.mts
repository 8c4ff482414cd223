import type { DatasetColumn } from '@offload/contracts';
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BenchFile, BenchFiles } from '../import/bench-files.mts';
import { columns as tenColumns } from '../import/tables.mts';
import { csvRows } from '../lib/csv-rows.mts';

/** A file by its rows and columns. */
export interface Shape {
  rows: number;
  columns: DatasetColumn[];
  badRows: number;
}

const badEvery = 100;

/** Short and long, narrow and wide, and one with bad rows. */
export function shapes(rows: number): Shape[] {
  return [
    clean(Math.ceil(rows / 10), 10),
    clean(rows, 5),
    clean(rows, 10),
    clean(rows, 40),
    { ...clean(rows, 10), badRows: Math.floor(rows / badEvery) },
    clean(rows * 10, 10),
  ];
}

function clean(rows: number, width: number): Shape {
  return { rows, columns: columnsOf(width), badRows: 0 };
}

export async function writeShape(files: BenchFiles, shape: Shape): Promise<BenchFile> {
  const path = join(files.folder, 'sizing.csv');
  await pipeline(Readable.from(contents(shape)), createWriteStream(path));
  return { path, megabytes: statSync(path).size / 1e6 };
}

/** The ten columns of `csvRows`, fewer of them or all of them again and again. */
function columnsOf(width: number): DatasetColumn[] {
  return Array.from({ length: width }, (_, place) => {
    const { name, ...column } = tenColumns[place % tenColumns.length] as DatasetColumn;
    const turn = Math.floor(place / tenColumns.length);
    return { ...column, name: turn === 0 ? name : `${name}_${turn + 1}` };
  });
}

function* contents({ rows, columns, badRows }: Shape): Generator<string | Buffer> {
  yield `${columns.map(({ name }) => name).join(',')}\n`;
  const pieces = csvRows({ rows, ...(badRows > 0 && { badEvery }) });
  const width = columns.length;
  const turns = Math.ceil(width / tenColumns.length);
  const widen = (line: string): string =>
    Array(turns).fill(line).join(',').split(',').slice(0, width).join(',');
  for (const piece of pieces) {
    yield width === tenColumns.length ? piece : piece.toString().replaceAll(/.+/g, widen);
  }
}
