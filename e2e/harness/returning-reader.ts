import { setTimeout as pause } from 'node:timers/promises';
import { EventReader } from './event-reader.js';
import type { StrictApi } from './strict-api.js';
import { type Tally, tally } from './tally.js';

/**
 * An event stream as a browser keeps it: when it ends it is opened again, after as long as the server wishes, with the
 * id of the last event. One that is cut off instead of ended, or refused, counts as a failed request.
 */
export class ReturningReader {
  connections = 0;
  private readonly reader: EventReader;
  private readonly leaving = new AbortController();
  private following: Promise<void> | undefined;

  constructor(
    private readonly api: StrictApi,
    apiKey: string,
  ) {
    this.reader = new EventReader(apiKey);
  }

  /** Of the stored events that it was sent, in order. */
  get ids(): number[] {
    return this.reader.events.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
  }

  get lastSeen(): number | undefined {
    return this.ids.at(-1);
  }

  /** Answers once the first connection is open. */
  async open(url: string, query: string): Promise<void> {
    const first = Promise.withResolvers<void>();
    this.following = this.follow(url, query, first.resolve);
    await Promise.race([first.promise, this.following]);
  }

  async close(): Promise<void> {
    this.leaving.abort();
    this.reader.disconnect();
    await this.following;
  }

  /** The events that were stored, against those that it was sent. */
  compare(stored: readonly number[]): Tally {
    return tally(stored, stored, this.ids);
  }

  private get hasLeft(): boolean {
    return this.leaving.signal.aborted;
  }

  private async follow(url: string, query: string, onOpen: () => void): Promise<void> {
    while (!this.hasLeft) {
      try {
        const connecting = this.reader.connect(url, query);
        const { closed } = await this.api.watch(`GET /v1/events`, connecting);
        this.connections += 1;
        onOpen();
        const wasEnded = await closed;
        if (!wasEnded && !this.hasLeft) this.api.fail('an event stream was cut off');
      } catch {
        // Counted; it tries again like after an end.
      }
      await pause(this.reader.retryMs, undefined, { signal: this.leaving.signal }).catch(
        () => undefined,
      );
    }
  }
}
