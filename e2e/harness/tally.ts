import { say } from '../../scripts/lib/say.mts';

/** What became of numbered requests. */
export interface Tally {
  /** Requests that were made. */
  attempted: number;
  /** Requests that were answered with 201 or 202. */
  accepted: number;
  /** Things that happened: rows, imports or mails. */
  effects: number;
  /** Accepted, and nothing happened. */
  lost: number;
  /** Happened more than once. */
  doubled: number;
  /** Happened, and nobody had asked for it. */
  unexpected: number;
}

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
  };
}

/** Tells the counters of a test to whoever runs it. */
export function report(what: string, counters: object): void {
  const words = Object.entries(counters).map(([name, value]) => `${name} ${value}`);
  say(`${what}: ${words.join(', ')}`);
}
