import { createParser } from 'eventsource-parser';

export interface SeenEvent {
  /** The stored sequence. */
  id: string | undefined;
  name: string;
  topic: string;
  data: unknown;
}

/**
 * A client of `GET /v1/events` as a browser's EventSource is one: it remembers the last id, over as
 * many connections as it makes.
 */
export class EventReader {
  readonly events: SeenEvent[] = [];
  lastEventId: string | undefined;
  /** How long to wait before connecting again, as the server wishes it, in milliseconds. */
  retryMs = 3000;
  private readonly aborter = new AbortController();

  constructor(
    private readonly apiKey: string | undefined,
    private readonly onEvent: (event: SeenEvent) => void = () => undefined,
  ) {}

  /**
   * Connects, and answers once the server has. `closed` settles when the connection is over: true
   * when the server has ended it, false when it was cut off.
   */
  async connect(url: string, query: string): Promise<{ status: number; closed: Promise<boolean> }> {
    const response = await fetch(`${url}/v1/events?${query}`, {
      headers: {
        ...(this.apiKey === undefined ? {} : { authorization: `Bearer ${this.apiKey}` }),
        ...(this.lastEventId === undefined ? {} : { 'last-event-id': this.lastEventId }),
      },
      signal: this.aborter.signal,
    });
    return { status: response.status, closed: this.read(response) };
  }

  disconnect(): void {
    this.aborter.abort();
  }

  private async read({ body }: Response): Promise<boolean> {
    if (!body) return true;
    const parser = createParser({
      onId: (id) => (this.lastEventId = id),
      onRetry: (ms) => (this.retryMs = ms),
      onEvent: ({ id, event = 'message', data }) => {
        const { topic = '', data: inner } = JSON.parse(data) as { topic?: string; data?: unknown };
        const seen = { id, name: event, topic, data: inner };
        this.events.push(seen);
        this.onEvent(seen);
      },
    });
    const decoder = new TextDecoder();
    try {
      for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
      return true;
    } catch {
      return false;
    }
  }
}
