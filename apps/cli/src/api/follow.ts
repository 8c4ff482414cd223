import { createParser } from 'eventsource-parser';
import { CliError, exitCodes, Stopped } from '../exit-codes.js';
import type { Api } from './api.js';
import { patiently, waitAfter } from './retry.js';

/** One event of a stream, as the API tells it. */
export interface ToldEvent {
  event: string;
  id: string | null;
  topic: string | null;
  time: string | null;
  data: unknown;
}

/** Tries in a row without a single byte; with the waits between them about half a minute. */
const fruitlessTries = 10;

/**
 * Follows a topic to its end, over as many connections as that takes: one that breaks off is resumed
 * after the last event that was seen. Throws ApiRefused, Unreachable when nobody answers for half a
 * minute, or Stopped on Ctrl-C.
 */
export async function* follow(api: Api, topic: string): AsyncGenerator<ToldEvent> {
  const { signal, onWait } = api.options;
  const place = { lastId: undefined as string | undefined, retryMs: 3000, hasEnded: false };
  for (let fruitless = 0; ;) {
    try {
      const response = await api.open('streamEvents', {
        query: { topics: topic },
        headers: {
          accept: 'text/event-stream',
          ...(place.lastId !== undefined && { 'last-event-id': place.lastId }),
        },
      });
      // HTML Standard, 9.2: with 204 the server tells a client to stop reconnecting.
      if (response.status === 204 || !response.body) return;
      fruitless = 0;
      yield* readEvents(response.body, place);
      if (place.hasEnded) return;
    } catch (error) {
      if (signal.aborted) throw new Stopped();
      fruitless += 1;
      const isPassing = error instanceof Cut || waitAfter(error, 0) !== undefined;
      if (!isPassing || fruitless >= fruitlessTries) throw error;
      onWait(error as Error, place.retryMs);
    }
    await patiently(place.retryMs, signal);
  }
}

/** The connection was cut in the middle, as when a gateway is restarted. */
class Cut extends CliError {
  constructor() {
    super(exitCodes.unreachable, 'The event stream was cut off.');
  }
}

async function* readEvents(
  body: ReadableStream<Uint8Array>,
  place: { lastId: string | undefined; retryMs: number; hasEnded: boolean },
): AsyncGenerator<ToldEvent> {
  const arrived: ToldEvent[] = [];
  const parser = createParser({
    onId: (id) => (place.lastId = id),
    onRetry: (ms) => (place.retryMs = ms),
    onEvent: ({ id, event = 'message', data }) => {
      if (event === 'end') place.hasEnded = true;
      const told = JSON.parse(data) as Partial<ToldEvent>;
      arrived.push({
        event,
        id: id ?? null,
        topic: told.topic ?? null,
        time: told.time ?? null,
        data: told.data ?? null,
      });
    },
  });
  const decoder = new TextDecoder();
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch(() => {
        throw new Cut();
      });
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    // Whoever has seen enough closes the connection; one that was cut is closed already.
    await chunks.return?.().catch(() => undefined);
  }
}
