import { randomInt, randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build-output.mts';
import { faultTable } from './lib/fault-counters.mts';
import { findHaproxy } from './lib/haproxy.mts';
import { runScript, type Lifetime } from './lib/lifetime.mts';
import { startS3 } from './lib/private-s3.mts';
import { removeTestData } from './lib/remove-test-data.mts';
import { runJest, type Sums } from './lib/run-jest.mts';
import { say } from './lib/say.mts';
import { startServers } from './lib/servers.mts';
import { together } from './lib/together.mts';

const TIERS = ['unit', 'int', 'e2e', 'faults'] as const;
type Tier = (typeof TIERS)[number];
type Environment = Record<string, string | undefined>;

/**
 * npm test [unit|int|e2e|faults] [arguments for Jest]
 *
 * Runs one tier, or all of them with a short set of faults (FAULTS=short). The servers a tier needs
 * are private and started here, unless DATABASE_URL and RABBITMQ_URL name some; the last line is
 * the sums. Faults tell what became of every request, and the seed (FAULT_SEED) that repeats them.
 */
await runScript(async (lifetime) => {
  const [first, ...rest] = process.argv.slice(2);
  const tier = TIERS.find((each) => each === first);
  const tiers = tier ? [tier] : [...TIERS];
  const args = tier ? rest : process.argv.slice(2);
  const sums = await runTiers(lifetime, tiers, args);
  if (sums.skipped > 0) say(`${sums.skipped} tests were skipped.`);
  console.log(`${sums.passed} passed, ${sums.failed} failed`);
  return sums.failed === 0 ? 0 : 1;
});

async function runTiers(lifetime: Lifetime, tiers: Tier[], args: string[]): Promise<Sums> {
  const env: Environment = {
    ...(await prepare(lifetime, tiers)),
    FAULTS: process.env.FAULTS ?? (tiers.length === 1 ? 'full' : 'short'),
    FAULT_SEED: process.env.FAULT_SEED ?? String(randomInt(1_000_000)),
  };
  const total: Sums = { passed: 0, failed: 0, skipped: 0 };
  for (const tier of tiers) {
    if (lifetime.signal.aborted) break;
    // A filter may leave a tier without tests; a tier that has none at all is a mistake.
    const filtered = args.length > 0 ? ['--passWithNoTests'] : [];
    const sums = await runJest({
      project: tier,
      args: [...concurrency(tier), ...filtered, ...args],
      env,
      signal: lifetime.signal,
    });
    total.passed += sums.passed;
    total.failed += sums.failed;
    total.skipped += sums.skipped;
  }
  tellFaults(env);
  return total;
}

function tellFaults({ FAULT_COUNTERS = '', FAULT_SEED }: Environment): void {
  const table = faultTable(FAULT_COUNTERS);
  if (table) console.log(`\n${table}\n\nFAULT_SEED=${FAULT_SEED}\n`);
}

/** Starts and builds what the tiers need; returns the addresses of an administrator. */
async function prepare(lifetime: Lifetime, tiers: Tier[]): Promise<Environment> {
  if (tiers.every((tier) => tier === 'unit')) return {};
  const needsServices = tiers.some((tier) => tier === 'e2e' || tier === 'faults');
  const starting = startServers(lifetime, {
    name: 'test',
    anyPlace: true,
    durable: false,
    freshBroker: true,
  });
  const [servers] = await together([starting, needsServices && ensureBuilt()]);
  const s3 = await startS3(lifetime, servers.folder);
  const haproxy = tiers.includes('faults') ? await findHaproxy() : {};
  removeLogs(servers.folder.path);
  await removeTestData(servers);
  const counters = join(servers.folder.path, 'faults.ndjson');
  rmSync(counters, { force: true });
  return {
    ...s3,
    ...haproxy,
    DATABASE_URL: servers.postgres.url,
    RABBITMQ_URL: servers.rabbitmq.url,
    RABBITMQ_MANAGEMENT_URL: servers.rabbitmq.managementUrl,
    TEST_FOLDER: servers.folder.path,
    FAULT_COUNTERS: counters,
    OFFLOAD_TEST_RUN: randomUUID(),
  };
}

/** The logs of a run stay until the next one, for whoever wants to know why it failed. */
function removeLogs(folder: string): void {
  const logs = join(folder, 'logs');
  for (const name of readdirSync(logs).filter((each) => each.startsWith('e2e_'))) {
    rmSync(join(logs, name), { recursive: true, force: true });
  }
}

/**
 * Tests of whole services are processes enough by themselves, and what such a test forgets to close
 * is ended with the servers.
 */
function concurrency(tier: Tier): string[] {
  if (tier === 'e2e' || tier === 'faults') return ['--runInBand', '--forceExit'];
  return [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`];
}
