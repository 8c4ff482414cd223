import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessagingRuntime } from '@offload/messaging';
import { databaseOptions, MetricsRegistry, migrate, Shutdown } from '@offload/platform';
import { eventually, workerDatabase } from '@offload/testing';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import express, { type Response } from 'express';
import { DataSource } from 'typeorm';
import { database } from '../database/database.js';
import { EventHub } from './event-hub.js';
import { EventStore } from './event-store.js';
import { OpenStream } from './open-stream.js';
import { EventSequencer } from './sequence-events.js';
import { StreamMetrics } from './stream-metrics.js';
import { TopicSnapshots } from './topic-snapshots.js';
import { parseLastEventId, parseTopics } from './topics.js';
import { WorkHolds } from './work-holds.js';

/** One gateway replica, as far as streams are concerned, behind a real HTTP server. */
export interface StreamReplica {
  url: string;
  hub: EventHub;
  holds: WorkHolds;
  sequencer: EventSequencer;
  shutdown: Shutdown;
  stop: () => Promise<void>;
}

/** What one connection was sent. */
export interface StreamClient {
  status: number;
  events: EventSourceMessage[];
  /** What an EventSource would say as Last-Event-ID. */
  lastEventId: string | undefined;
  /** What it was told last to wait before it connects again, in milliseconds. */
  retryMs: number | undefined;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  disconnect: () => void;
}

/** Streams over a real database. Snapshots are answered by `snapshot`. Call it inside `describe`. */
export function eventsHarness(
  snapshot: (id: string) => { data: unknown; hasEnded: boolean } | undefined,
) {
  let db: DataSource;
  const replicas: StreamReplica[] = [];

  beforeAll(async () => {
    const settings = database(await workerDatabase(), 50);
    await migrate(settings);
    db = await new DataSource(databaseOptions(settings)).initialize();
  });

  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
  });

  afterAll(async () => {
    await db.destroy();
  });

  const startReplica = async (tenantId: string): Promise<StreamReplica> => {
    const store = new EventStore(db);
    const shutdown = new Shutdown();
    const hub = new EventHub(store, shutdown);
    const runtime = new MessagingRuntime(
      { service: 'gateway', instance: 'spec', rabbitmqUrl: 'amqp://unused' },
      db,
    );
    const sequencer = new EventSequencer(db, runtime, hub);
    const snapshots = new TopicSnapshots();
    const holds = new WorkHolds(hub);
    snapshots.register('import', async (_tx, tenant, id) =>
      tenant === tenantId ? snapshot(id) : undefined,
    );
    const open = new OpenStream(
      db,
      store,
      hub,
      snapshots,
      holds,
      new StreamMetrics(new MetricsRegistry(), hub),
    );
    const server = await serve(open, tenantId);
    const replica = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      hub,
      holds,
      sequencer,
      shutdown,
      stop: async (): Promise<void> => {
        hub.onModuleDestroy();
        await sequencer.onModuleDestroy();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
    replicas.push(replica);
    return replica;
  };

  return { db: (): DataSource => db, startReplica };
}

async function serve(open: OpenStream, tenantId: string): Promise<Server> {
  const app = express();
  app.get('/v1/events', (request, response: Response, next) => {
    const topics = parseTopics(
      new URL(request.url, 'http://spec').searchParams.get('topics') ?? '',
    );
    const lastEventId = parseLastEventId(request.get('last-event-id'));
    const opening = open.execute({ tenantId, topics, lastEventId }, response);
    // oxlint-disable-next-line promise/no-callback-in-promise -- this is how Express is told.
    opening.catch(next);
  });
  app.use((error: { code: string }, _request: unknown, response: Response, _next: unknown) => {
    response.status(400).json({ code: error.code });
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Opens a stream as an EventSource does. */
export async function follow(
  { url }: StreamReplica,
  topics: string,
  lastEventId?: string,
): Promise<StreamClient> {
  const stop = new AbortController();
  const response = await fetch(`${url}/v1/events?topics=${topics}`, {
    signal: stop.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  const events: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onId: (id) => (client.lastEventId = id),
    onRetry: (ms) => (client.retryMs = ms),
  });
  const client: StreamClient = {
    status: response.status,
    events,
    lastEventId,
    retryMs: undefined,
    ended: read(response, (text) => parser.feed(text)),
    disconnect: () => stop.abort(),
  };
  return client;
}

async function read(response: globalThis.Response, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? [])
      take(decoder.decode(bytes as Uint8Array, { stream: true }));
  } catch {
    // The client has gone, or the server was stopped.
  }
}

/** Waits until a client has been sent so many events with an id. */
export async function received(client: StreamClient, count: number): Promise<EventSourceMessage[]> {
  return eventually(() => {
    expect(client.events.length).toBeGreaterThanOrEqual(count);
    return client.events;
  });
}
