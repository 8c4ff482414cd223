import { setTimeout as pause } from 'node:timers/promises';
import { SERVICES } from '../services.mts';
import type { Held, Sample, Sampler } from './sampler.mts';

/** How long nothing may happen before what is held is looked at: connections of the pool that nobody uses are closed after 10 s. */
const quietMs = 15_000;
const looks = 6;
const patienceMs = 180_000;

/** What everything holds when nothing is to be done. */
export interface Rest {
  /** The least of several looks: what runs now and then by a timer is not what is kept. */
  held: Sample['held'];
  messages: number;
  outbox: number;
  open: number;
}

/** Waits until all is done, and a little more, then looks. What does not come to rest is told as it is. */
export async function observeRest(sampler: Sampler, signal: AbortSignal): Promise<Rest> {
  const givenUpAt = Date.now() + patienceMs;
  while (!isQuiet(await sampler.look()) && Date.now() < givenUpAt)
    await pause(1000, undefined, { signal });
  await pause(quietMs, undefined, { signal });
  const samples: Sample[] = [];
  for (let look = 1; look <= looks; look += 1) {
    await pause(2000, undefined, { signal });
    samples.push(await sampler.look());
  }
  const least = (read: (sample: Sample) => number): number => Math.min(...samples.map(read));
  const held = SERVICES.map((service) => {
    const names = Object.keys(samples[0]?.held[service] ?? {}) as (keyof Held)[];
    return [
      service,
      Object.fromEntries(
        names.map((name) => [name, least((sample) => sample.held[service][name])]),
      ),
    ];
  });
  return {
    held: Object.fromEntries(held) as Sample['held'],
    messages: least(({ messages }) => messages),
    outbox: least(({ outbox }) => outbox),
    open: least(({ open }) => open),
  };
}

function isQuiet({ messages, outbox, open, held }: Sample): boolean {
  const inUse = SERVICES.reduce((sum, service) => sum + held[service].poolInUse, 0);
  return messages + outbox + open + inUse === 0;
}
