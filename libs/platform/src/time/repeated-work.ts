/**
 * Does work now and then, never twice at once in one process: a time that comes while it is at work is passed over.
 *
 * The work must not throw. Whoever starts it stops it before the database is closed; `stop` waits for what is being done.
 *
 * @example
 * private readonly reaping = new RepeatedWork(() => this.run(), { everyMs: 60_000 });
 */
export class RepeatedWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private hasStopped = false;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly options: { everyMs: number },
  ) {}

  /** Long work looks at it between two steps. */
  get isStopping(): boolean {
    return this.hasStopped;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.once();
    }, this.options.everyMs);
  }

  /** Safe to repeat, and where it was never started. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.work();
    } finally {
      this.running = undefined;
    }
  }
}
