import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from './seeded-random.js';

/** One way to break something, and to leave it mended. */
export interface Fault {
  name: string;
  /** How often it is chosen, against the others of its lane. */
  weight: number;
  /** Returns when what was broken works again. */
  inject: (random: () => number) => Promise<void>;
}

/** What can be broken at the same time as other lanes break theirs; within a lane one follows the other. */
export interface Lane {
  faults: readonly Fault[];
  /** Milliseconds between two faults, drawn evenly from this range. */
  restMs: readonly [number, number];
}

/**
 * Breaks things again and again until it has done so often enough. What each lane does, in which order
 * and with which rests, follows from the seed alone. Answers how often each fault was injected.
 */
export async function unleash(
  lanes: readonly Lane[],
  { seed, faults: wanted }: { seed: number; faults: number },
): Promise<Map<string, number>> {
  const injected = new Map<string, number>();
  await Promise.all(
    lanes.map(async ({ faults, restMs: [least, most] }, index) => {
      const random = seededRandom(seed + index);
      do {
        await pause(least + random() * (most - least));
        const fault = choose(faults, random());
        // Counted before: a fault that fails to mend has been injected all the same.
        injected.set(fault.name, (injected.get(fault.name) ?? 0) + 1);
        await fault.inject(random);
      } while (total(injected) < wanted);
    }),
  );
  return injected;
}

function choose(faults: readonly Fault[], at: number): Fault {
  const whole = faults.reduce((sum, { weight }) => sum + weight, 0);
  let left = at * whole;
  const chosen = faults.find(({ weight }) => (left -= weight) < 0) ?? faults[0];
  if (!chosen) throw new Error('A lane needs a fault.');
  return chosen;
}

/** The sum over all kinds. */
export function total(injected: ReadonlyMap<string, number>): number {
  return [...injected.values()].reduce((sum, times) => sum + times, 0);
}
