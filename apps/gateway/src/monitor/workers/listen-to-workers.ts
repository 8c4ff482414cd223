import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { WorkerReported } from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import type { Subscription } from 'rxjs';
import { LiveWorkers } from './live-workers.js';
import { WorkerStore } from './worker-store.js';

const recordEveryMs = 1_000;
const forgetEveryMs = 3_600_000;

/**
 * Hears how every process is, as each replica does, and writes it down.
 *
 * The latest report of each process waits for at most a second and goes out with the others in one
 * statement; while the database is away only that latest is kept. The process's own reports come
 * directly, so that a gateway is known while the broker is away.
 */
@Injectable()
export class ListenToWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Monitor');
  private readonly waiting = new Map<string, WorkerReported>();
  private own: Subscription | undefined;
  private lastOwn: WorkerReported | undefined;
  private recordTimer: NodeJS.Timeout | undefined;
  private forgetTimer: NodeJS.Timeout | undefined;
  private recording: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly live: LiveWorkers,
    private readonly store: WorkerStore,
  ) {}

  onApplicationBootstrap(): void {
    this.own = this.runtime.reports.subscribe((report) => {
      this.lastOwn = report;
      this.hear(report);
    });
    this.runtime.onHint(WorkerReported, 'workers', (report) => this.hear(report));
    this.recordTimer = setInterval(() => void this.record(), recordEveryMs);
    this.forgetTimer = setInterval(() => void this.forget(), forgetEveryMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.recordTimer);
    clearInterval(this.forgetTimer);
    this.own?.unsubscribe();
    await this.recording;
    await this.recordOwnEnd();
  }

  /** Its last word comes when the database is closed already, and it may be the only gateway. */
  private async recordOwnEnd(): Promise<void> {
    if (!this.lastOwn) return;
    this.waiting.set(this.lastOwn.instance, {
      ...this.lastOwn,
      reportedAt: new Date().toISOString(),
      isLast: true,
    });
    await this.record();
  }

  /** Safe to call twice with the same report, as happens with the own one. */
  private hear(report: WorkerReported): void {
    if (this.live.take(report)) this.waiting.set(report.instance, report);
  }

  /** Writes down what has come in. What cannot be written is left to the next report. */
  async record(): Promise<void> {
    this.recording ??= this.recordWaiting().finally(() => {
      this.recording = undefined;
    });
    await this.recording;
  }

  private async recordWaiting(): Promise<void> {
    const reports = [...this.waiting.values()];
    this.waiting.clear();
    try {
      await this.store.record(reports);
      if (reports.length > 0) this.isFailing = false;
    } catch (error) {
      // Once for each outage: it is tried every second.
      if (!this.isFailing) this.logger.warn({ event: 'record-workers', err: error });
      this.isFailing = true;
    }
  }

  private async forget(): Promise<void> {
    try {
      await this.store.forget();
    } catch (error) {
      this.logger.warn({ event: 'forget-workers', err: error });
    }
  }
}
