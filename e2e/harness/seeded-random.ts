/**
 * Numbers in [0, 1) that are the same for the same seed (mulberry32), so that a run that failed can
 * be had again.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FAULT_SEED, which `npm test` sets and tells; the same for every suite of a run. */
export function faultSeed(): number {
  return Number(process.env['FAULT_SEED'] ?? 0);
}
