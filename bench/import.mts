import { readFileSync } from 'node:fs';
import { ApiClient } from '../scripts/lib/api-client.mts';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { startServers } from '../scripts/lib/servers.mts';
import type { Stack } from '../scripts/lib/stack.mts';
import { administratorOf, startBenchStack } from './lib/bench-stack.mts';
import { BenchFiles } from './import/bench-files.mts';
import { measureImport } from './import/measure-import.mts';
import { findCopyTool } from './import/psql-copy.mts';
import {
  columns,
  type Contents,
  createDatasetTable,
  freshName,
  takeAway,
} from './import/tables.mts';
import { compare } from './lib/compare.mts';
import { printMachine } from './lib/machine.mts';

export interface ImportOptions {
  rounds: number;
  rows: number;
}

/** One row in so many is bad in the file with bad rows. */
const badEvery = 100;

/**
 * The seconds from before the POST until the event stream says that the import has ended and closes,
 * against `psql \copy` of the same file into the same table. The upload is not in it.
 */
export async function benchImport(
  lifetime: Lifetime,
  { rounds, rows }: ImportOptions,
): Promise<void> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  const stack = await startBenchStack(lifetime, servers);
  const files = new BenchFiles(servers.folder.path);
  lifetime.add('files', async () => files.remove());
  const clean = await files.write('clean.csv', { rows });
  const spoiled = await files.write('spoiled.csv', { rows, badEvery });

  const api = new ApiClient(stack.url, stack.apiKey);
  const tool = findCopyTool();
  const adminUrl = administratorOf(servers, stack);
  const importOf = async (file: string, badRows: number) => {
    const { id } = await api.upload(file);
    return async () => {
      const { seconds, dataset } = await measureImport(
        api,
        { request: { upload_id: id, dataset: { columns } }, badRows },
        lifetime.signal,
      );
      expectRows(await takeAway(adminUrl, dataset), rows, badRows);
      return seconds;
    };
  };
  const copy = async (): Promise<number> => {
    const name = freshName();
    await createDatasetTable(stack.databaseUrls.ingest, name);
    const startedAt = performance.now();
    await tool.load(stack.databaseUrls.ingest, clean.path, name);
    const seconds = (performance.now() - startedAt) / 1000;
    expectRows(await takeAway(adminUrl, name), rows, 0);
    return seconds;
  };

  printMachine(servers);
  const shape = `${rows} rows × ${columns.length} columns, ${clean.megabytes.toFixed(0)} MB`;
  const common = { unit: 'seconds, less is better', rounds };
  const reference = { name: tool.name, measure: copy };
  const cleanImport = { name: 'Offload', measure: await importOf(clean.path, 0) };
  await compare(
    { ...common, title: `Import, ${shape}`, ours: cleanImport, reference, goal: { atMost: 1 } },
    lifetime.signal,
  );
  printPeaks(stack, 'uploads and imports of the clean file');
  const badRows = Math.floor(rows / badEvery);
  const badImport = { name: 'Offload', measure: await importOf(spoiled.path, badRows) };
  await compare(
    {
      ...common,
      title: `The same with ${badRows} bad rows, each reported, against the clean file`,
      ours: badImport,
      reference,
      goal: { atMost: 2 },
    },
    lifetime.signal,
  );
  printPeaks(stack, 'and of the one with bad rows');
}

/** Of the clean file the ids are 1 to `rows`; of the other one those of the bad rows are missing. */
function expectRows({ rows: found, sumOfIds }: Contents, rows: number, badRows: number): void {
  const sum = (rows * (rows + 1)) / 2 - (badEvery * badRows * (badRows + 1)) / 2;
  if (found === rows - badRows && Number(sumOfIds) === sum) return;
  throw new Error(`The table holds ${found} rows with ids of ${sumOfIds}, not ${rows - badRows}.`);
}

/** The most memory that each process has held since it started. */
function printPeaks(stack: Stack, after: string): void {
  const peaks = (['gateway', 'ingest'] as const).map((name) => {
    const status = readFileSync(`/proc/${stack.service(name).pid}/status`, 'utf8');
    const kib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
    return `${name} ${(kib / 1024).toFixed(0)} MiB`;
  });
  console.log(`Peak memory (RSS), ${after}: ${peaks.join(', ')}`);
}
