import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { builtScanner } from './lib/built.mts';
import { compare } from './lib/compare.mts';
import { csvRows } from './lib/csv-rows.mts';
import { printMachine } from './lib/machine.mts';

export interface ScannerOptions {
  rounds: number;
  /** Megabytes of CSV in memory. */
  megabytes: number;
}

const MB = 1e6;
/** As large as the buffers that the file store hands out. */
const pushBytes = 256 * 1024;

/** Finding the records of a CSV file, against finding its line breaks and nothing else. */
export async function benchScanner(
  { signal }: Lifetime,
  { rounds, megabytes }: ScannerOptions,
): Promise<void> {
  await ensureBuilt();
  printMachine();
  for (const quoting of ['plain', 'quoted'] as const) {
    const file = Buffer.concat([...csvRows({ quoting, bytes: megabytes * MB })]);
    await compare(
      {
        title: `Scanner, ${quoting} fields`,
        unit: 'MB/s, more is better',
        rounds,
        ours: { name: 'RecordScanner', measure: async () => rateOf(file, scan) },
        reference: { name: "indexOf('\\n')", measure: async () => rateOf(file, findLineBreaks) },
      },
      signal,
    );
  }
}

function rateOf(file: Buffer, work: (file: Buffer) => number): number {
  const startedAt = performance.now();
  if (work(file) === 0) throw new Error('Nothing was found.');
  return file.length / MB / ((performance.now() - startedAt) / 1000);
}

function scan(file: Buffer): number {
  const { RecordScanner } = builtScanner();
  const scanner = new RecordScanner({
    delimiter: ',',
    quote: '"',
    newline: 'lf',
    hasHeader: false,
    bom: false,
  });
  let rows = 0;
  const count = (chunks: { rows: number }[]): void => {
    for (const chunk of chunks) rows += chunk.rows;
  };
  for (let at = 0; at < file.length; at += pushBytes) {
    count(scanner.push(file.subarray(at, at + pushBytes)));
  }
  count(scanner.end());
  return rows;
}

function findLineBreaks(file: Buffer): number {
  let lines = 0;
  for (let from = 0; from < file.length; from += pushBytes) {
    const bytes = file.subarray(from, from + pushBytes);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
  }
  return lines;
}
