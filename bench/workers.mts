import { ApiClient } from '../scripts/lib/api-client.mts';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { startServers } from '../scripts/lib/servers.mts';
import { BenchFiles } from './import/bench-files.mts';
import { measureImport } from './import/measure-import.mts';
import { columns, takeAway } from './import/tables.mts';
import { administratorOf, startBenchStack } from './lib/bench-stack.mts';
import { compare } from './lib/compare.mts';
import { printMachine } from './lib/machine.mts';

/** Every chunk has bad rows, so each is parsed by us: the work of one processor, which a second worker shares. */
const badEvery = 20;

/** Two ingest processes against one, on the path that is bound by our own processor time. */
export async function benchWorkers(
  lifetime: Lifetime,
  { rounds, rows }: { rounds: number; rows: number },
): Promise<void> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  const stack = await startBenchStack(lifetime, servers);
  const files = new BenchFiles(servers.folder.path);
  lifetime.add('files', async () => files.remove());
  const api = new ApiClient(stack.url, stack.apiKey);
  const adminUrl = administratorOf(servers, stack);
  const file = await files.write('spoiled.csv', { rows, badEvery });
  const { id } = await api.upload(file.path);
  const mapping = {
    columns: ['name', 'street', 'city', 'comment'].map((name) => ({
      to: name,
      from: name,
      transforms: ['squeeze', 'upper'],
    })),
  };

  /** Rows a second. */
  const once = async (): Promise<number> => {
    const { seconds, dataset } = await measureImport(
      api,
      {
        request: { upload_id: id, dataset: { columns }, mapping },
        badRows: Math.floor(rows / badEvery),
      },
      lifetime.signal,
    );
    await takeAway(adminUrl, dataset);
    return rows / seconds;
  };
  printMachine(servers);
  await compare(
    {
      title: `Two workers against one, ${rows} rows, each parsed and transformed, one in ${badEvery} bad`,
      unit: 'rows a second, more is better',
      rounds,
      ours: {
        name: 'two workers',
        measure: async () => {
          const second = await stack.startReplica('ingest');
          try {
            return await once();
          } finally {
            await second.stop();
          }
        },
      },
      reference: { name: 'one worker', measure: once },
      goal: { atLeast: 1.7 },
    },
    lifetime.signal,
  );
}
