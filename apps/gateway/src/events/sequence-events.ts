import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { EventsStored } from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import { untraced } from '@offload/platform';
import { DataSource } from 'typeorm';
import { EventHub } from './event-hub.js';

/**
 * Gives stored events their sequence, after their commit and one batch at a time.
 *
 * A number taken inside the recording transaction would become visible out of order: a client that
 * has seen 6 would never be sent the 5 that committed after it. Here an advisory lock is held until
 * the commit, so whoever sees a sequence sees all below it. Any replica may do it; a batch costs one
 * commit however many events are in it, and recorders never wait for one another.
 */
@Injectable()
export class EventSequencer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('EventSequencer');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWanted = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly runtime: MessagingRuntime,
    private readonly hub: EventHub,
  ) {}

  onApplicationBootstrap(): void {
    this.runtime.deliveries.settled.subscribe(({ outcome }) => {
      if (outcome === 'handled') this.nudge();
    });
    this.timer = setInterval(() => this.nudge(), 1000);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Events may have been committed: number them at once. Safe to call at any time. */
  nudge(): void {
    this.isWanted = true;
    this.running ??= untraced(() => this.run()).finally(() => {
      this.running = undefined;
    });
  }

  private async run(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      try {
        const upTo = await this.numberPending();
        if (upTo === undefined) continue;
        this.isWanted = true;
        this.hub.wake(upTo);
        this.runtime.hint(EventsStored({ upTo }));
      } catch (error) {
        this.logger.warn({ event: 'sequence-events', err: error });
      }
    }
  }

  /** Answers the highest sequence given; undefined when nothing was pending. */
  private async numberPending(): Promise<number | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const [any]: unknown[] = await tx.query('select 1 from event where sequence is null limit 1');
      if (!any) return undefined;
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('gateway.event_sequence', 0))`);
      const [row]: { up_to: string | null }[] = await tx.query(`
        with numbered as (
          select id, nextval('event_sequence') as sequence
            from (select id from event where sequence is null order by id limit 1000) as pending
        ), updated as (
          update event set sequence = numbered.sequence
            from numbered where event.id = numbered.id returning event.sequence
        )
        select max(sequence) as up_to from updated`);
      return row?.up_to ? Number(row.up_to) : undefined;
    });
  }
}
