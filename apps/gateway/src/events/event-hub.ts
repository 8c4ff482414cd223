import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Shutdown, untraced } from '@offload/platform';
import { Departure } from './departure.js';
import { EventStore, type StoredEvent } from './event-store.js';

/** An open stream, as the hub sees it. */
export interface EventSubscriber {
  tenantId: string;
  topics: readonly string[];
  /** Events come in order, each once. Must not throw. */
  take: (event: StoredEvent) => void;
  /** Something that is not stored, about a kind of topics. Must not throw. */
  tell: (kind: string, frame: string) => void;
  /** This replica is going away; the client is to wait so many milliseconds before it connects again. */
  close: (retryMs: number) => void;
}

const batchSize = 1000;

/**
 * The fan-out of this replica: reads each new event once from the database and hands it to every
 * stream that follows its topic.
 *
 * Woken by the sequencer of this replica, by hints from the others, and by a look once a second, so
 * that a lost hint costs a second and never an event.
 */
@Injectable()
export class EventHub implements OnModuleDestroy {
  private readonly logger = new Logger('EventHub');
  private readonly byTopic = new Map<string, Set<EventSubscriber>>();
  private readonly subscribers = new Set<EventSubscriber>();
  private lastRead: number | undefined;
  private isStale = false;
  private reading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private departure: Departure | undefined;

  constructor(
    private readonly store: EventStore,
    shutdown: Shutdown,
  ) {
    shutdown.leaving.addEventListener('abort', () => this.depart(shutdown.delayMs), { once: true });
  }

  get size(): number {
    return this.subscribers.size;
  }

  /** From now on the subscriber is handed every event of its topics. Answers the function that ends it. */
  async subscribe(subscriber: EventSubscriber): Promise<() => void> {
    const { newest } = await this.store.horizon();
    // Set only if nobody set it meanwhile: a later number would skip events of the others.
    this.lastRead ??= newest;
    this.subscribers.add(subscriber);
    for (const topic of subscriber.topics) {
      const key = keyOf(subscriber.tenantId, topic);
      this.byTopic.set(key, (this.byTopic.get(key) ?? new Set()).add(subscriber));
    }
    this.timer ??= untraced(() => setInterval(() => this.wake(Infinity), 1000));
    // Who comes while this replica leaves had better be answered than refused: an EventSource gives up when it is.
    this.departure?.schedule((retryMs) => subscriber.close(retryMs));
    return () => this.unsubscribe(subscriber);
  }

  /** There may be events up to this sequence: read them. Safe to call at any time, also with an old number. */
  wake(upTo: number): void {
    if (this.lastRead === undefined || upTo <= this.lastRead) return;
    this.isStale = true;
    // It reads for everybody; whoever happens to wake it has nothing to do with it.
    this.reading ??= untraced(() => this.read()).finally(() => {
      this.reading = undefined;
    });
  }

  /** Tells every stream of this replica something about a kind of topics, whoever it belongs to. */
  announce(kind: string, frame: string): void {
    for (const subscriber of this.subscribers) subscriber.tell(kind, frame);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.depart(0);
  }

  private depart(withinMs: number): void {
    this.departure = new Departure({ withinMs, streams: this.size });
    for (const subscriber of this.subscribers) {
      this.departure.schedule((retryMs) => subscriber.close(retryMs));
    }
  }

  private unsubscribe(subscriber: EventSubscriber): void {
    this.subscribers.delete(subscriber);
    for (const topic of subscriber.topics) {
      const key = keyOf(subscriber.tenantId, topic);
      const followers = this.byTopic.get(key);
      followers?.delete(subscriber);
      if (followers?.size === 0) this.byTopic.delete(key);
    }
    if (this.subscribers.size > 0) return;
    // Nobody listens: the next one starts from the horizon of its own time.
    this.lastRead = undefined;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async read(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      try {
        await this.readToTheEnd();
      } catch (error) {
        this.logger.warn({ event: 'read-events', err: error });
      }
    }
  }

  private async readToTheEnd(): Promise<void> {
    let isLast = false;
    while (!isLast && this.lastRead !== undefined) {
      const events = await this.store.listAfter(this.lastRead, batchSize);
      for (const event of events) this.dispatch(event);
      isLast = events.length < batchSize;
    }
  }

  private dispatch(event: StoredEvent): void {
    this.lastRead = event.sequence;
    const kind = event.topic.slice(0, event.topic.indexOf(':') + 1);
    for (const topic of [event.topic, `${kind}*`]) {
      const followers = this.byTopic.get(keyOf(event.tenantId, topic));
      if (followers) for (const follower of [...followers]) follower.take(event);
    }
  }
}

function keyOf(tenantId: string, topic: string): string {
  return `${tenantId} ${topic}`;
}
