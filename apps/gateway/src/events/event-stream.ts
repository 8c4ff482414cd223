import type { Response } from 'express';
import type { StoredEvent } from './event-store.js';
import { endFrame, eventFrame, heartbeatFrame, retryFrame } from './sse-frame.js';
import { isWildcard, kindOf } from './topics.js';

/** Bytes that a client may leave unread before its stream is closed; it resumes where it was. */
const maxUnreadBytes = 1024 * 1024;
const heartbeatMs = 15_000;

/** Why a stream is over: see `sseStreamsClosed`. */
export type CloseReason = 'ended' | 'client' | 'unread' | 'stopping';

/**
 * One open connection.
 *
 * It is handed events while it still catches up from the database: those wait and are sent after
 * it, and whatever it has already sent is dropped by its sequence. So each event goes out once and
 * in order.
 */
export class EventStream {
  private lastSent: number;
  private waiting: StoredEvent[] | undefined = [];
  private readonly untold = new Map<string, string>();
  private readonly ended = new Set<string>();
  private readonly heartbeat: NodeJS.Timeout;
  private isClosed = false;
  private reason: CloseReason = 'client';

  constructor(
    private readonly response: Response,
    private readonly topics: readonly string[],
    after: number,
    private readonly onSent: () => void,
  ) {
    this.lastSent = after;
    this.heartbeat = setInterval(() => this.write(heartbeatFrame), heartbeatMs);
    response.on('close', () => this.stop());
  }

  /** As long as it is open: that the client would be the one. */
  get closedBy(): CloseReason {
    return this.reason;
  }

  /** Takes an event from the hub; safe in any state. */
  take(event: StoredEvent): void {
    if (this.waiting) this.waiting.push(event);
    else this.send(event);
  }

  /**
   * Takes a frame without an id about a kind of topics; safe in any state. It is sent if something of
   * that kind can still come. While the stream catches up the latest waits, because the headers may not
   * have been sent.
   */
  tell(kind: string, frame: string): void {
    if (this.waiting) this.untold.set(kind, frame);
    else if (this.topics.some((topic) => kindOf(topic) === kind && !this.ended.has(topic))) {
      this.write(frame);
    }
  }

  /** Sends what the database had, then what arrived meanwhile; from then on events go straight out. */
  catchUp(events: readonly StoredEvent[]): void {
    for (const event of events) this.send(event);
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const event of waiting) this.send(event);
    for (const [kind, frame] of this.untold) this.tell(kind, frame);
    this.untold.clear();
  }

  write(frame: string): void {
    if (this.isClosed) return;
    this.response.write(frame);
    if (this.response.writableLength <= maxUnreadBytes) return;
    this.reason = 'unread';
    this.response.destroy();
  }

  /** A topic that had already ended when the stream began. */
  markEnded(topic: string): void {
    this.ended.add(topic);
  }

  /** Ends the stream if nothing can follow on any of its topics. */
  endIfComplete(): void {
    const isComplete = this.topics.every((topic) => !isWildcard(topic) && this.ended.has(topic));
    if (!isComplete || this.isClosed) return;
    this.write(endFrame());
    this.close('ended');
  }

  /** Ends the stream between two events: its client connects again, after a while, and goes on where it was. */
  leave(retryMs: number): void {
    this.write(retryFrame(retryMs));
    this.close();
  }

  close(reason: CloseReason = 'stopping'): void {
    if (this.isClosed) return;
    this.reason = reason;
    this.stop();
    if (!this.response.destroyed) this.response.end();
  }

  private send(event: StoredEvent): void {
    if (event.sequence <= this.lastSent || this.isClosed) return;
    this.lastSent = event.sequence;
    this.write(eventFrame(event));
    this.onSent();
    if (event.endsTopic) this.ended.add(event.topic);
    else this.ended.delete(event.topic);
    if (!this.waiting) this.endIfComplete();
  }

  private stop(): void {
    this.isClosed = true;
    clearInterval(this.heartbeat);
  }
}
