/** What a supervisor sees of a process that ended because of its memory: EX_TEMPFAIL of sysexits.h, "try again". */
export const memoryLimitExitCode = 75;

export interface MemoryGuardOptions {
  limitBytes: number;
  /** Between two looks, in milliseconds. (Default: 5000) */
  everyMs?: number;
  /** Told once, with the resident set size of the last look. */
  onLimit: (rssBytes: number) => void;
  rssBytes?: () => number;
}

/** Looks in a row above the limit: a peak that the garbage collector ends is none. */
const looks = 3;

/**
 * Tells when the process has grown above its limit and stays there, so that it can end in good order
 * before the system kills it in bad.
 */
export class MemoryGuard {
  private above = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: MemoryGuardOptions) {}

  start(): void {
    this.timer = setInterval(() => this.look(), this.options.everyMs ?? 5_000);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { limitBytes, onLimit, rssBytes = () => process.memoryUsage.rss() } = this.options;
    const rss = rssBytes();
    this.above = rss > limitBytes ? this.above + 1 : 0;
    if (this.above < looks) return;
    this.stop();
    onLimit(rss);
  }
}
