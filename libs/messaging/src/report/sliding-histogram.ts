import type { Histogram } from '@offload/contracts';

/** Eight to the decade, from a millisecond to a little over a day; what takes longer is counted there. */
const bounds: readonly number[] = Array.from({ length: 65 }, (_, step) => {
  const bound = 10 ** (step / 8);
  return bound < 100 ? Math.round(bound * 10) / 10 : Math.round(bound);
});

/**
 * How long something took, over the last minutes; a bound overstates it by at most a third.
 *
 * A ring of slots, each the counts of a part of the time; the oldest is overwritten. It takes the same
 * memory however much it counts.
 */
export class SlidingHistogram {
  private readonly slots: Slot[];
  private readonly slotMs: number;

  constructor({ windowMs, slots }: { windowMs: number; slots: number }) {
    this.slotMs = windowMs / slots;
    this.slots = Array.from({ length: slots }, () => ({
      number: -1,
      counts: new Uint32Array(bounds.length),
    }));
  }

  record(durationMs: number, now: number): void {
    const { counts } = this.slotAt(Math.floor(now / this.slotMs));
    const index = indexOf(durationMs);
    counts[index] = (counts[index] ?? 0) + 1;
  }

  /** The counts of the window that ends at this time. */
  read(now: number): Histogram {
    const newest = Math.floor(now / this.slotMs);
    const current = this.slots.filter(
      ({ number }) => number > newest - this.slots.length && number <= newest,
    );
    return bounds.flatMap((upToMs, index) => {
      const count = current.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0);
      return count === 0 ? [] : [{ upToMs, count }];
    });
  }

  private slotAt(number: number): Slot {
    const index = ((number % this.slots.length) + this.slots.length) % this.slots.length;
    const slot = this.slots[index];
    if (!slot) throw new RangeError(`There is no slot ${index}.`);
    if (slot.number !== number) {
      slot.number = number;
      slot.counts.fill(0);
    }
    return slot;
  }
}

interface Slot {
  /** Which part of all time it counts. */
  number: number;
  counts: Uint32Array;
}

/** The first bound that is not below. */
function indexOf(durationMs: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? Infinity) < durationMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
