import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiClient } from '../scripts/lib/api-client.mts';
import { ensureBuilt } from '../scripts/lib/build-output.mts';
import type { Lifetime } from '../scripts/lib/lifetime.mts';
import { startServers } from '../scripts/lib/servers.mts';
import type { Stack } from '../scripts/lib/stack.mts';
import { measureImport } from './import/measure-import.mts';
import { columns, takeAway } from './import/tables.mts';
import { administratorOf, startBenchStack } from './lib/bench-stack.mts';
import { csvHeader, csvRows } from './lib/csv-rows.mts';
import { printMachine } from './lib/machine.mts';
import { MemoryCurve } from './lib/memory-curve.mts';

const services = ['gateway', 'ingest'] as const;
const smallBytes = 100e6;
const repeatedBytes = 50e6;
const limitMib = 250;

/**
 * Memory of gateway and ingest while a small file is sent and imported ten times, and a very large one once, each with
 * fresh processes. The file is generated on its way and lies nowhere but in the storage.
 */
export async function benchMemory(
  lifetime: Lifetime,
  { gigabytes }: { gigabytes: number },
): Promise<void> {
  await ensureBuilt();
  const servers = await startServers(lifetime, { name: 'bench', durable: true });
  printMachine(servers);
  const stack = await startBenchStack(lifetime, servers);
  const peaks: number[][] = [];
  for (const bytes of [smallBytes, gigabytes * 1e9]) {
    if (lifetime.signal.aborted) return;
    for (const name of services) {
      await stack.service(name).stop();
      await stack.startAgain(name);
    }
    peaks.push(await watchOne(stack, bytes, administratorOf(servers, stack), lifetime.signal));
  }
  const [small = [], large = []] = peaks;
  services.forEach((name, place) => {
    const ratio = (large[place] ?? 0) / (small[place] ?? 1);
    const peak = Math.max(small[place] ?? 0, large[place] ?? 0);
    console.log(
      `${name}: large against small ${ratio.toFixed(2)} (goal ≤ 1.10: ${ratio <= 1.1 ? 'reached' : 'missed'}), ` +
        `peak ${peak.toFixed(0)} MiB (goal ≤ ${limitMib}: ${peak <= limitMib ? 'reached' : 'missed'})`,
    );
  });
}

async function watchOne(
  stack: Stack,
  bytes: number,
  adminUrl: string,
  signal: AbortSignal,
): Promise<number[]> {
  const api = new ApiClient(stack.url, stack.apiKey);
  const curve = new MemoryCurve(services.map((name) => stack.service(name).pid));
  const startedAt = performance.now();
  const { id, size } = await send(stack, bytes);
  const sentS = (performance.now() - startedAt) / 1000;
  // A process takes a while to get to the memory it stays with: the small file is imported again and again.
  const times = bytes > smallBytes ? 1 : 10;
  const wanted = { request: { upload_id: id, dataset: { columns } }, badRows: 0 };
  for (let time = 1; time < times; time++) {
    await takeAway(adminUrl, (await measureImport(api, wanted, signal)).dataset);
  }
  const { seconds, dataset, end } = await measureImport(api, wanted, signal);
  const peaks = curve.stop();
  const { rows } = await takeAway(adminUrl, dataset);
  console.log(
    `\n${(size / 1e6).toFixed(0)} MB: sent in ${sentS.toFixed(1)} s, imported in ${seconds.toFixed(1)} s, ` +
      `${rows} rows (told: ${end.progress.rows_loaded}), ${Math.round(rows / seconds)} rows a second`,
  );
  console.log(`${'seconds'.padStart(10)}${services.map((name) => name.padStart(12)).join('')}`);
  for (const { atS, mib } of curve.thinned(25)) {
    console.log(
      `${atS.toFixed(0).padStart(10)}${mib.map((each) => `${each.toFixed(0)} MiB`.padStart(12)).join('')}`,
    );
  }
  console.log(
    `${'peak'.padStart(10)}${peaks.map((each) => `${each.toFixed(0)} MiB`.padStart(12)).join('')}`,
  );
  return peaks;
}

async function send(stack: Stack, bytes: number): Promise<{ id: string; size: number }> {
  const url = new URL('/v1/uploads?file_name=generated.csv', stack.url);
  const headers = { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'text/csv' };
  const sending = request(url, { method: 'POST', headers });
  const answered = new Promise<string>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => {
      response
        .toArray()
        .then((parts) => resolve(Buffer.concat(parts as Buffer[]).toString()), reject);
    });
  });
  await pipeline(Readable.from(contents(bytes)), sending);
  return JSON.parse(await answered) as { id: string; size: number };
}

/** The same rows over and over: to make them anew would take longer than to send them. */
function* contents(bytes: number): Generator<Buffer> {
  yield Buffer.from(csvHeader);
  const rows = [...csvRows({ bytes: Math.min(bytes, repeatedBytes) })];
  const once = rows.reduce((sum, { length }) => sum + length, 0);
  for (let sent = 0; sent + once <= bytes; sent += once) yield* rows;
}
