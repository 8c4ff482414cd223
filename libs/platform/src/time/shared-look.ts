/**
 * Looks something up once for all who ask at the same time, and keeps the answer for a moment: however
 * many people watch, whoever is asked is asked once.
 *
 * A look that fails is not kept, but shared by those who were waiting for it.
 */
export class SharedLook<T> {
  private looking: Promise<T> | undefined;
  private last: { value: T; at: number } | undefined;

  constructor(
    private readonly look: () => Promise<T>,
    private readonly keepMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async read(): Promise<T> {
    if (this.last && this.now() - this.last.at < this.keepMs) return this.last.value;
    this.looking ??= this.refresh().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async refresh(): Promise<T> {
    const value = await this.look();
    this.last = { value, at: this.now() };
    return value;
  }
}
