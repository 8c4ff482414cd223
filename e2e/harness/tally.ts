import { type FaultCounters, sumOf, tellFaults } from '../../scripts/lib/fault-counters.mts';
import { say } from '../../scripts/lib/say.mts';

/** What became of numbered requests; the words are those of FaultCounters. */
export type Tally = Omit<FaultCounters, 'faults'>;

/**
 * Compares the numbers that were asked for with the numbers that happened, each as often as it did.
 * A request without an answer may have been accepted, so what it caused is not unexpected.
 */
export function tally(
  attempted: Iterable<number>,
  accepted: Iterable<number>,
  happened: readonly number[],
): Tally {
  const asked = new Set(attempted);
  const promised = new Set(accepted);
  const once = new Set(happened);
  return {
    attempted: asked.size,
    accepted: promised.size,
    effects: happened.length,
    lost: [...promised].filter((n) => !once.has(n)).length,
    doubled: happened.length - once.size,
    unexpected: [...once].filter((n) => !asked.has(n)).length,
    repeated: 0,
  };
}

/** Tells what became of everything a scenario had asked for, and how often it was disturbed. */
export function tellTallies(scenario: string, faults: number, tallies: readonly Tally[]): void {
  tellFaults(scenario, { ...sumOf(tallies.map((each) => ({ ...each, faults: 0 }))), faults });
}

/** Tells more of a scenario to whoever runs it. */
export function report(what: string, facts: object): void {
  const words = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  say(`${what}: ${words.join(', ')}`);
}

/** What a test demands of a tally. */
export const nothingLostOrDoubled = { lost: 0, doubled: 0, unexpected: 0 };
