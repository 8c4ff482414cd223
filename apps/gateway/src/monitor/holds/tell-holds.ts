import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { MessagingRuntime } from '@offload/messaging';
import { type HeldKind, WorkHolds } from '../../events/work-holds.js';
import { LiveWorkers } from '../workers/live-workers.js';
import { WorkerStore } from '../workers/worker-store.js';
import { holdOfKind } from './hold-of-kind.js';

const kinds: HeldKind[] = ['import', 'email', 'upload'];
const lookEveryMs = 1_000;
/** Two reports of a worker, in milliseconds. */
const hearAgainMs = 10_000;

/**
 * Keeps people told of what holds their work up, from what this replica hears of the workers.
 *
 * It looks once a second, so that showing a resource costs nothing, and so that the hold of a worker
 * that has died does not outlive it. While this replica cannot hear the workers, and until they have had
 * the time to report again, what it knows stays as it is.
 */
@Injectable()
export class TellHolds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Monitor');
  private timer: NodeJS.Timeout | undefined;
  private hasListened = false;
  private deafUntil = 0;

  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly live: LiveWorkers,
    private readonly holds: WorkHolds,
    private readonly store: WorkerStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => this.look(), lookEveryMs);
    await this.remember();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private look(now = performance.now()): void {
    if (!this.isDeaf) this.hasListened = true;
    else if (this.hasListened) this.deafUntil = now + hearAgainMs;
    if (now >= this.deafUntil) this.tell();
  }

  private tell(): void {
    const live = this.live.list();
    for (const kind of kinds) this.holds.set(kind, holdOfKind(kind, live));
  }

  /** Reports come over the broker, and a broker with an alarm takes none. */
  private get isDeaf(): boolean {
    const { publishing, consuming } = this.runtime.connections;
    return consuming.status === 'disconnected' || publishing.status === 'blocked';
  }

  /** Begins with what the other replicas have heard, instead of with nothing for some seconds. */
  private async remember(): Promise<void> {
    try {
      const now = performance.now();
      for (const { report, ageMs } of await this.store.list()) this.live.take(report, now - ageMs);
      this.tell();
    } catch (error) {
      this.logger.warn({ event: 'remember-workers', err: error });
    }
  }
}
