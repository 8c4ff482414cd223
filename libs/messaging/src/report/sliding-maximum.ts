/** The largest of the numbers of the last while; null when there were none. */
export class SlidingMaximum {
  private readonly slots: { number: number; largest: number }[];
  private readonly slotMs: number;

  constructor({ windowMs, slots }: { windowMs: number; slots: number }) {
    this.slotMs = windowMs / slots;
    this.slots = Array.from({ length: slots }, () => ({ number: -1, largest: -Infinity }));
  }

  record(value: number, now: number): void {
    const number = Math.floor(now / this.slotMs);
    const slot = this.slots[number % this.slots.length];
    if (!slot) return;
    if (slot.number !== number) {
      slot.number = number;
      slot.largest = -Infinity;
    }
    slot.largest = Math.max(slot.largest, value);
  }

  read(now: number): number | null {
    const newest = Math.floor(now / this.slotMs);
    const current = this.slots.filter(
      ({ number }) => number > newest - this.slots.length && number <= newest,
    );
    const largest = Math.max(...current.map((slot) => slot.largest));
    return Number.isFinite(largest) ? largest : null;
  }
}
