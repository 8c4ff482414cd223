import { printMachine } from '../../../bench/lib/machine.mts';
import { ensureBuilt } from '../build-output.mts';
import type { Lifetime } from '../lifetime.mts';
import { say } from '../say.mts';
import { startServers } from '../servers.mts';
import { judge } from './judge.mts';
import { printReport } from './print-report.mts';
import { observeRest } from './rest.mts';
import { Sampler } from './sampler.mts';
import { startSoakStack } from './soak-stack.mts';
import { Work } from './work.mts';

/**
 * The life of a soak:
 *
 * 1. A stack on a database and a virtual host of its own.
 * 2. Everything is done for a while, so that caches, pools and compiled code are what they stay; then it rests. What is
 *    held at this rest is "before".
 * 3. The same for the time that was asked for, with a look every five seconds.
 * 4. It rests again: "after". What was asked for is compared with what happened.
 *
 * Answers whether every rule holds.
 */
export async function soak(lifetime: Lifetime, minutes: number): Promise<boolean> {
  await ensureBuilt();
  const servers = await startServers(lifetime, {
    name: 'soak',
    anyPlace: true,
    durable: true,
    freshBroker: true,
  });
  printMachine(servers);
  const soaked = await startSoakStack(lifetime, servers);
  const sampler = new Sampler(soaked);
  const work = new Work(soaked);
  const { signal } = lifetime;

  say('Warming up …');
  await work.during(warmUpMs(minutes), signal);
  const before = await observeRest(sampler, signal);
  say(`Working for ${minutes} minutes …`);
  sampler.begin();
  await work.during(minutes * 60_000, signal);
  const during = sampler.end();
  say('Resting …');
  const after = await observeRest(sampler, signal);
  signal.throwIfAborted();

  const happened = await work.compare();
  const verdict = judge({ before, during, after, happened });
  printReport({ minutes, before, during, after, happened, verdict });
  return verdict.every(({ holds }) => holds !== false);
}

function warmUpMs(minutes: number): number {
  return Math.min(120_000, Math.max(30_000, minutes * 12_000));
}
