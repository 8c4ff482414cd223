import type { ImportPhase } from '@offload/contracts';

/** Where an import stood at a time. */
export interface Sample {
  /** Milliseconds, by the clock of whoever reported it. */
  at: number;
  phase: ImportPhase['name'];
  /** Units of the phase. */
  done: number;
  /** Loaded and rejected. */
  rows: number;
}

/** The speed is that of so long lately. */
const windowMs = 15_000;
/** Samples closer than this add nothing. */
const gapMs = 1000;

/**
 * The samples with one more. Only the last seconds of the running phase are kept, with one sample from
 * before them; a phase that begins, or begins anew, begins at the last sample of the one before.
 */
export function takeSample(samples: readonly Sample[], next: Sample): Sample[] {
  const last = samples.at(-1);
  if (!last || next.at < last.at) return [next];
  if (next.phase !== last.phase) return [{ ...last, phase: next.phase, done: 0 }, next];
  if (next.done < last.done) return [next];
  const beforeLast = samples.at(-2);
  const isClose = beforeLast !== undefined && last.at - beforeLast.at < gapMs;
  const kept = [...(isClose ? samples.slice(0, -1) : samples), next];
  const firstInside = kept.findIndex(({ at }) => at > next.at - windowMs);
  return kept.slice(Math.max(0, firstInside - 1));
}

/** Units of the phase and rows in a second; undefined while there is nothing to judge by. */
export function speedOf(
  samples: readonly Sample[],
): { unitsPerS: number; rowsPerS: number } | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.at <= first.at) return undefined;
  const seconds = (last.at - first.at) / 1000;
  return {
    unitsPerS: (last.done - first.done) / seconds,
    rowsPerS: (last.rows - first.rows) / seconds,
  };
}
