/** The same numbers for the same seed, so that a failure can be repeated. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b;
  }

  /** From 0 up to, not including, the limit. */
  upTo(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.upTo(times) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.upTo(values.length)] as T;
  }

  list<T>(limit: number, one: () => T): T[] {
    return Array.from({ length: this.upTo(limit) }, one);
  }
}
