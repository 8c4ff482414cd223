import { Injectable } from '@nestjs/common';
import { beganToStream } from '@offload/platform';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { EventHub } from './event-hub.js';
import { EventStore, type StoredEvent } from './event-store.js';
import { EventStream } from './event-stream.js';
import { TopicNotFound, TooManyStreams } from './events.errors.js';
import { holdFrame, placeFrame, resetFrame, retryFrame, snapshotFrame } from './sse-frame.js';
import { StreamMetrics } from './stream-metrics.js';
import { type TopicSnapshot, TopicSnapshots } from './topic-snapshots.js';
import { isWildcard, kindOf } from './topics.js';
import { WorkHolds } from './work-holds.js';

export interface StreamRequest {
  tenantId: string;
  topics: readonly string[];
  lastEventId: number | undefined;
}

/** Streams of one process at most. (Default: 10 000) */
const maxStreams = 10_000;
const catchUpLimit = 10_000;

/**
 * The life of a stream:
 *
 * 1. The state of its topics and the newest sequence are read in one snapshot of the database.
 * 2. Nothing can follow and the client has seen all: 204, which tells an EventSource to stop.
 * 3. It joins the hub first, so that nothing falls between what is read next and what comes live.
 * 4. A first connection is sent a snapshot of each topic; one that comes back is sent what it
 *    missed, or `reset` and a snapshot if that is no longer kept.
 * 5. News follow as they come. When every topic has ended it says `end` and closes.
 */
@Injectable()
export class OpenStream {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: EventStore,
    private readonly hub: EventHub,
    private readonly snapshots: TopicSnapshots,
    private readonly holds: WorkHolds,
    private readonly metrics: StreamMetrics,
  ) {}

  /** Answers the client on `response`. Throws TopicNotFound or TooManyStreams before anything was written. */
  async execute(request: StreamRequest, response: Response): Promise<void> {
    if (this.hub.size >= maxStreams) throw new TooManyStreams();
    const holdsBefore = this.holds.changes;
    const start = await this.readStart(request);
    const missed = await this.missedBy(request, start);
    if (request.lastEventId !== undefined && missed?.length === 0 && hasEnded(request, start)) {
      response.status(204).end();
      return;
    }

    const resumes = missed !== undefined;
    const after = resumes ? (request.lastEventId ?? 0) : start.newest;
    const stream = new EventStream(response, request.topics, after, () => this.metrics.eventSent());
    const leave = await this.hub.subscribe({
      tenantId: request.tenantId,
      topics: request.topics,
      take: (event) => stream.take(event),
      tell: (kind, frame) => stream.tell(kind, frame),
      close: (retryMs) => stream.leave(retryMs),
    });
    response.on('close', leave);
    if (response.destroyed) {
      stream.close();
      leave();
      return;
    }

    this.metrics.begin(stream, response);
    openHeaders(response);
    stream.write(retryFrame());
    // A wildcard has no snapshot, and whoever is cut off before the first event must not miss it.
    if (!resumes) stream.write(placeFrame(start.newest));
    if (request.lastEventId !== undefined && !resumes) stream.write(resetFrame());
    for (const [topic, snapshot] of start.snapshots) {
      if (!resumes) stream.write(snapshotFrame(topic, start.newest, snapshot.data));
      if (snapshot.hasEnded) stream.markEnded(topic);
    }
    this.tellHolds(stream, request.topics, {
      resumes,
      changed: this.holds.changes !== holdsBefore,
    });
    stream.catchUp(
      await this.store.listTopicsAfter(request.tenantId, request.topics, after, catchUpLimit),
    );
    stream.endIfComplete();
  }

  /**
   * What holds work up is in the snapshots. It is told by itself to who is sent none, and to everybody
   * when it has changed since the snapshots were read.
   */
  private tellHolds(
    stream: EventStream,
    topics: readonly string[],
    { resumes, changed }: { resumes: boolean; changed: boolean },
  ): void {
    const untold = topics.filter((topic) => resumes || changed || isWildcard(topic));
    for (const kind of new Set(untold.map(kindOf))) {
      const hold = this.holds.of(kind);
      if (hold || changed) stream.tell(kind, holdFrame(kind, hold));
    }
  }

  private async readStart({ tenantId, topics }: StreamRequest): Promise<StreamStart> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const { oldest, newest } = await this.store.horizon(tx);
      const snapshots = new Map<string, TopicSnapshot>();
      for (const topic of topics.filter((name) => !isWildcard(name))) {
        const snapshot = await this.snapshots.find(tx, tenantId, topic);
        if (!snapshot) throw new TopicNotFound(topic);
        // Its last event may be committed but not numbered yet; then the stream has to wait for it.
        const isNumbered = await this.store.isNumbered(tx, tenantId, topic);
        snapshots.set(topic, { ...snapshot, hasEnded: snapshot.hasEnded && isNumbered });
      }
      return { oldest, newest, snapshots };
    });
  }

  /** What a returning client has not seen; undefined for a first connection, or when it cannot be told any more. */
  private async missedBy(
    { tenantId, topics, lastEventId }: StreamRequest,
    { oldest, newest }: StreamStart,
  ): Promise<StoredEvent[] | undefined> {
    if (lastEventId === undefined || lastEventId > newest || lastEventId < oldest - 1)
      return undefined;
    const missed = await this.store.listTopicsAfter(tenantId, topics, lastEventId, catchUpLimit);
    return missed.length < catchUpLimit ? missed : undefined;
  }
}

interface StreamStart {
  oldest: number;
  newest: number;
  snapshots: Map<string, TopicSnapshot>;
}

function hasEnded({ topics }: StreamRequest, { snapshots }: StreamStart): boolean {
  return topics.every((topic) => snapshots.get(topic)?.hasEnded ?? false);
}

function openHeaders(response: Response): void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    // Proxies of the nginx family hold a response back unless they are told not to.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  beganToStream(response);
}
