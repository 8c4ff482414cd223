import { join } from 'node:path';
import { ApiClient } from '../scripts/lib/api-client.mts';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { startServers } from '../scripts/lib/servers.mts';
import { BenchFiles } from './import/bench-files.mts';
import { measureImport } from './import/measure-import.mts';
import { writeGzip, writeLatin1, writeNdjson, writeXlsx } from './import/other-formats.mts';
import { findCopyTool } from './import/psql-copy.mts';
import { columns, createDatasetTable, freshName, takeAway } from './import/tables.mts';
import { administratorOf, startBenchStack } from './lib/bench-stack.mts';
import { compare } from './lib/compare.mts';
import { printMachine } from './lib/machine.mts';

interface Variant {
  title: string;
  /** Of the rows; a workbook is read so slowly that fewer tell as much. (Default: 1) */
  share?: number;
  file: (path: string, rows: number) => Promise<unknown>;
  name: string;
  request?: Record<string, unknown>;
  keys?: string[][];
  /** Rows that are to be rejected. (Default: none) */
  badRows?: (rows: number) => number;
  /** The dataset holds the same rows already, each with another comment. */
  isFilled?: boolean;
}

const idKey = [['id']];
const perChunk = 40_000;

/**
 * What other formats, modes and the odd bad row cost, against `psql \copy` of the same rows as plain CSV into a
 * table with the same indexes.
 */
export async function benchFormats(
  lifetime: Lifetime,
  { rounds, rows }: { rounds: number; rows: number },
): Promise<void> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  const stack = await startBenchStack(lifetime, servers);
  const files = new BenchFiles(servers.folder.path);
  lifetime.add('files', async () => files.remove());
  const api = new ApiClient(stack.url, stack.apiKey);
  const tool = findCopyTool();
  const adminUrl = administratorOf(servers, stack);
  printMachine(servers);

  const csv = (name: string, badEvery = Infinity) => ({
    name,
    file: (_path: string, wanted: number) => files.write(name, { rows: wanted, badEvery }),
  });
  const variants: Variant[] = [
    {
      title: 'CSV with one bad row in each chunk',
      ...csv('odd.csv', perChunk),
      badRows: (all) => Math.floor(all / perChunk),
    },
    {
      title: 'CSV with a transform in one column',
      ...csv('mapped.csv'),
      request: { mapping: { columns: [{ to: 'city', from: 'city', transforms: ['upper'] }] } },
    },
    { title: 'NDJSON', name: 'rows.ndjson', file: writeNdjson },
    { title: 'CSV in gzip', name: 'rows.csv.gz', file: writeGzip },
    {
      title: 'CSV in windows-1252',
      name: 'latin1.csv',
      file: writeLatin1,
      request: { source: { encoding: 'windows-1252' } },
    },
    { title: 'XLSX', name: 'rows.xlsx', file: writeXlsx, share: 0.1 },
    { title: 'Append with a unique key', ...csv('keyed.csv'), keys: idKey },
    {
      title: 'Upsert into an empty dataset',
      ...csv('upsert.csv'),
      keys: idKey,
      request: { mode: 'upsert' },
    },
    {
      title: 'Upsert that changes every row',
      ...csv('changed.csv'),
      keys: idKey,
      request: {
        mode: 'upsert',
        mapping: { columns: [{ to: 'comment', from: 'comment', transforms: ['upper'] }] },
      },
      isFilled: true,
    },
    { title: 'Replace', ...csv('replaced.csv'), request: { mode: 'replace' } },
    { title: 'Dry run', ...csv('dry.csv'), request: { dry_run: true } },
  ];

  for (const variant of variants) {
    if (lifetime.signal.aborted) return;
    const wanted = Math.round(rows * (variant.share ?? 1));
    const path = join(files.folder, variant.name);
    await variant.file(path, wanted);
    const plain = await files.write('reference.csv', { rows: wanted });
    const uploaded = await api.upload(path);
    const first = variant.isFilled ? await api.upload(plain.path) : undefined;
    const dataset = { columns, ...(variant.keys ? { keys: variant.keys } : {}) };
    const ours = async (): Promise<number> => {
      const name = freshName();
      if (first) {
        const filling = {
          request: { upload_id: first.id, dataset: { ...dataset, name } },
          badRows: 0,
        };
        await measureImport(api, filling, lifetime.signal);
      }
      const request = { ...variant.request, upload_id: uploaded.id, dataset: { ...dataset, name } };
      const badRows = variant.badRows?.(wanted) ?? 0;
      const { seconds } = await measureImport(api, { request, badRows }, lifetime.signal);
      // A dry run makes no dataset.
      if (variant.request?.['dry_run']) return seconds;
      const { rows: found } = await takeAway(adminUrl, name);
      if (found !== wanted - badRows) {
        throw new Error(`${variant.title}: ${found} rows, not ${wanted - badRows}.`);
      }
      return seconds;
    };
    const reference = async (): Promise<number> => {
      const name = freshName();
      await createDatasetTable(stack.databaseUrls.ingest, name, variant.keys);
      const startedAt = performance.now();
      await tool.load(stack.databaseUrls.ingest, plain.path, name);
      const seconds = (performance.now() - startedAt) / 1000;
      await takeAway(adminUrl, name);
      return seconds;
    };
    await compare(
      {
        title: `${variant.title}, ${wanted} rows`,
        unit: 'seconds, less is better',
        rounds,
        ours: { name: 'Offload', measure: ours },
        reference: { name: `${tool.name} of CSV`, measure: reference },
      },
      lifetime.signal,
    );
  }
}
