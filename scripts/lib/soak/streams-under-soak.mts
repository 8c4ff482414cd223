import { randomInt } from 'node:crypto';
import { createParser } from 'eventsource-parser';
import type { Soaked } from './soak-stack.mts';

/** Clients that open an event stream, listen for a while and go: some in good order, some by going silent. */
export class StreamsUnderSoak {
  visits = 0;
  events = 0;
  private lastEventId: string | undefined;
  private readonly soaked: Soaked;

  constructor(soaked: Soaked) {
    this.soaked = soaked;
  }

  /** Every other client comes back to where another one was. */
  async visit(over: AbortSignal): Promise<void> {
    const stayMs = randomInt(1000, 15_000);
    const leaving = AbortSignal.any([over, AbortSignal.timeout(stayMs)]);
    const comesBack = this.visits % 2 === 1 && this.lastEventId !== undefined;
    this.visits += 1;
    const parser = createParser({
      onEvent: () => (this.events += 1),
      onId: (id) => (this.lastEventId = id),
    });
    const decoder = new TextDecoder();
    try {
      const response = await this.soaked.client.raw('GET', '/v1/events?topics=import:*,email:*', {
        signal: leaving,
        headers: comesBack ? { 'last-event-id': this.lastEventId ?? '' } : {},
      });
      for await (const bytes of response.body ?? [])
        parser.feed(decoder.decode(bytes, { stream: true }));
    } catch (error) {
      // It has left, or the database was cut off as it came.
      if (!leaving.aborted && !(error instanceof TypeError)) throw error;
    }
  }
}
