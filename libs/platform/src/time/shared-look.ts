/**
 * Looks something up once for all who ask at the same time, and keeps the answer for a moment: however
 * many people watch, whoever is asked is asked once.
 *
 * A look that fails is not kept, but shared by those who were waiting for it.
 */
export class SharedLook<T> {
  private looking: Promise<T> | undefined;
  private last: { value: T; until: number } | undefined;

  constructor(
    private readonly look: () => Promise<T>,
    /** How long an answer is kept, where that depends on how long it took. */
    private readonly keepMs: number | ((tookMs: number) => number),
    private readonly now: () => number = () => performance.now(),
  ) {}

  async read(): Promise<T> {
    if (this.last && this.now() < this.last.until) return this.last.value;
    this.looking ??= this.refresh().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async refresh(): Promise<T> {
    const startedAt = this.now();
    const value = await this.look();
    const now = this.now();
    const keepMs = typeof this.keepMs === 'number' ? this.keepMs : this.keepMs(now - startedAt);
    this.last = { value, until: now + keepMs };
    return value;
  }
}
