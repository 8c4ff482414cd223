import { Injectable } from '@nestjs/common';

/**
 * How far this process is on its way out. Whatever holds something open for long listens to it:
 *
 * 1. `leaving`: it was asked to stop. It still serves for `delayMs`, so that balancers can look elsewhere.
 * 2. `ending`: the time for what is still running is over. Who holds a request now answers it with what there is.
 */
@Injectable()
export class Shutdown {
  private readonly left = new AbortController();
  private readonly ended = new AbortController();
  private delay = 0;

  get leaving(): AbortSignal {
    return this.left.signal;
  }

  get ending(): AbortSignal {
    return this.ended.signal;
  }

  /** From `leaving` until no more connections are taken, in milliseconds. */
  get delayMs(): number {
    return this.delay;
  }

  /** Says that this process leaves. Safe to repeat; the first delay counts. */
  leave(delayMs: number): void {
    if (this.leaving.aborted) return;
    this.delay = delayMs;
    this.left.abort();
  }

  /** Says that the time is over. */
  end(): void {
    this.ended.abort();
  }
}
