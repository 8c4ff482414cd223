/** Outcomes a second over the last few seconds, from a total that grows. */
export class Rate {
  private readonly seen: { total: number; at: number }[] = [];

  constructor(private readonly windowMs = 10_000) {}

  /** Undefined until there is a second to judge by. */
  take(total: number, at: number): number | undefined {
    this.seen.push({ total, at });
    while (this.seen.length > 2 && at - (this.seen[1]?.at ?? at) >= this.windowMs)
      this.seen.shift();
    const first = this.seen[0];
    if (!first || at - first.at < 1000) return undefined;
    return ((total - first.total) * 1000) / (at - first.at);
  }
}
