import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import { findProgram } from '../scripts/lib/find-program.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { mustRun } from '../scripts/lib/run-program.mts';
import { startServers } from '../scripts/lib/servers.mts';
import { BenchFiles } from './import/bench-files.mts';
import { startBenchStack } from './lib/bench-stack.mts';
import { compare } from './lib/compare.mts';
import { printMachine } from './lib/machine.mts';

/**
 * `curl` of one file into the gateway, which stores, hashes, syncs and records it, against `curl` of the same file
 * into the plainest server there is: a pipe from the request to a file.
 */
export async function benchUpload(
  lifetime: Lifetime,
  { rounds, megabytes }: { rounds: number; megabytes: number },
): Promise<void> {
  await ensureBuilt();
  const curl = findProgram('curl');
  if (!curl) throw new Error('This bench sends files with curl. Install it: apt-get install curl');
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  const stack = await startBenchStack(lifetime, servers);
  const files = new BenchFiles(servers.folder.path);
  lifetime.add('files', async () => files.remove());
  const { path } = await files.write('upload.csv', { bytes: megabytes * 1e6 });
  const bare = await startBareServer(lifetime, join(files.folder, 'bare'));

  const send = async (url: string, headers: string[]): Promise<number> => {
    const args = ['-sS', '--fail', '-o', '/dev/null', '-X', 'POST', '-T', path, ...headers, url];
    const startedAt = performance.now();
    await mustRun(curl, args, { env: { PATH: process.env.PATH } });
    return megabytes / ((performance.now() - startedAt) / 1000);
  };
  const ours = `${stack.url}/v1/uploads?file_name=upload.csv`;
  const key = ['-H', `Authorization: Bearer ${stack.apiKey}`, '-H', 'Content-Type: text/csv'];
  printMachine(servers);
  await compare(
    {
      title: `Upload of ${megabytes} MB`,
      unit: 'MB a second, more is better',
      rounds,
      ours: { name: 'Offload', measure: () => send(ours, key) },
      reference: {
        name: 'node:http to a file',
        measure: () => send(bare, ['-H', 'Content-Type: text/csv']),
      },
      goal: { atLeast: 0.9 },
    },
    lifetime.signal,
  );
}

async function startBareServer(lifetime: Lifetime, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  let number = 0;
  const keep = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = join(folder, String(++number));
    await pipeline(request, createWriteStream(file));
    rmSync(file);
    response.writeHead(201).end();
  };
  const server = createServer((request, response) => {
    keep(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lifetime.add('bare server', async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
