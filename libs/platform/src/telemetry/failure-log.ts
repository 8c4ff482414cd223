/** Writes one line of the log. */
export type FailureLog = (line: { event: string; message: string; times: number }) => void;

/** Between two lines about the same trouble, in milliseconds. */
const everyMs = 60_000;

/**
 * Tells that spans cannot be exported: the first time at once, then once a minute and how often it was. A
 * collector that is away for a night must not fill the log.
 */
export class SparingLog {
  private times = 0;
  private saidAt = -Infinity;

  constructor(
    private readonly log: FailureLog,
    private readonly now: () => number = () => performance.now(),
  ) {}

  tell(message: string): void {
    this.times += 1;
    if (this.now() - this.saidAt < everyMs) return;
    this.log({ event: 'trace-export', message, times: this.times });
    this.saidAt = this.now();
    this.times = 0;
  }
}
