import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@offload/platform';
import type { Response } from 'express';
import { EventHub } from './event-hub.js';
import type { EventStream } from './event-stream.js';
import { sseEventsSent, sseStreams, sseStreamsClosed, sseStreamsOpened } from './events.metrics.js';

/** What this replica counts of its streams. */
@Injectable()
export class StreamMetrics {
  private readonly opened;
  private readonly events;
  private readonly closed;

  constructor(registry: MetricsRegistry, hub: EventHub) {
    registry.gauge(sseStreams, (set) => set(hub.size));
    this.opened = registry.counter(sseStreamsOpened);
    this.events = registry.counter(sseEventsSent);
    this.closed = registry.counter(sseStreamsClosed);
  }

  /** Its headers are about to go out. */
  begin(stream: EventStream, response: Response): void {
    this.opened.inc();
    response.once('close', () => this.closed.inc({ reason: stream.closedBy }));
  }

  eventSent(): void {
    this.events.inc();
  }
}
