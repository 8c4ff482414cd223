import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { EventsStored } from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import { EventHub } from './event-hub.js';
import { EventStore } from './event-store.js';
import { StreamTickets } from './stream-tickets.js';

/** Events are kept this long for clients that come back; older ones get a reset and a snapshot. */
const retentionHours = 24;

/** Wakes this replica's hub when another one has stored events, and forgets events past their retention. */
@Injectable()
export class ReplicaNews implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Events');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly hub: EventHub,
    private readonly store: EventStore,
    private readonly tickets: StreamTickets,
  ) {}

  onApplicationBootstrap(): void {
    this.runtime.onHint(EventsStored, 'stream', ({ upTo }) => this.hub.wake(upTo));
    this.timer = setInterval(() => void this.forget(), 600_000);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async forget(): Promise<void> {
    try {
      await this.store.deleteOlderThan(retentionHours);
      await this.tickets.deleteExpired();
    } catch (error) {
      this.logger.warn({ event: 'forget-events', err: error });
    }
  }
}
