/** How long a client waits before it connects again, at least, in milliseconds. */
const leastRetryMs = 250;

/** Those who come back are spread over this, and over a millisecond for each when they are many. */
const spreadMs = 2500;

export interface DepartureOptions {
  /** By then every stream has ended. */
  withinMs: number;
  /** Streams that are open as it begins. */
  streams: number;
  random?: () => number;
}

/**
 * How the streams of a replica that goes away end: one after the other, so that its clients do not come to the other
 * replicas all at once.
 *
 * Nobody is sent away in the first half of the time: until the balancer has noticed, they would come straight back. And
 * each is told another time to wait before it connects again, which is what spreads them where there is no time at all.
 */
export class Departure {
  private readonly leavesAt: number;
  private readonly random: () => number;

  constructor(private readonly options: DepartureOptions) {
    this.leavesAt = performance.now() + options.withinMs;
    this.random = options.random ?? Math.random;
  }

  /** Ends a stream at a moment of its own. `end` is told how long its client is to wait, in milliseconds. */
  schedule(end: (retryMs: number) => void): void {
    const { withinMs, streams } = this.options;
    const at = this.leavesAt - (withinMs / 2) * this.random();
    const retryMs = leastRetryMs + Math.round(Math.max(spreadMs, streams) * this.random());
    setTimeout(() => end(retryMs), Math.max(0, at - performance.now())).unref();
  }
}
