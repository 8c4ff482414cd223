import { createWriteStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvHeader, csvRows, type CsvOptions } from '../lib/csv-rows.mts';

/** A CSV file on the disk. */
export interface BenchFile {
  path: string;
  megabytes: number;
}

/** Writes the files of one run into a folder of their own; `remove` deletes it. */
export class BenchFiles {
  readonly folder: string;

  constructor(parent: string) {
    this.folder = join(parent, 'bench-files');
    mkdirSync(this.folder, { recursive: true });
  }

  async write(name: string, options: CsvOptions): Promise<BenchFile> {
    const path = join(this.folder, name);
    await pipeline(Readable.from(contents(options)), createWriteStream(path));
    return { path, megabytes: statSync(path).size / 1e6 };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function* contents(options: CsvOptions): Generator<Buffer> {
  yield Buffer.from(csvHeader);
  yield* csvRows(options);
}
