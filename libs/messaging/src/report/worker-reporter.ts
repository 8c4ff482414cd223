import { hostname } from 'node:os';
import { type ConsumerReport, type Outgoing, WorkerReported } from '@offload/contracts';
import { poolCounts, version } from '@offload/platform';
import { Subject, type Subscription } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { Brakes } from '../consume/brakes.js';
import type { MessagingOptions } from '../messaging.options.js';
import { LoopLag } from './loop-lag.js';
import { TableLook, type TableState } from './table-look.js';

export interface WorkerReporterOptions {
  messaging: MessagingOptions;
  dataSource: DataSource;
  brakes: Brakes;
  consumers: () => ConsumerReport[];
  connections: () => WorkerReported['broker'];
  send: (report: Outgoing) => void;
  /** A report could not be made. Nothing else comes of it. */
  onError: (error: unknown) => void;
}

/**
 * Tells the gateways how this process is, every few seconds and at once when a brake changes.
 *
 * It reports and does nothing else: a report that cannot be made or sent is left out, and no delivery
 * waits for one.
 */
export class WorkerReporter {
  /** Every report that is sent, also those that the broker does not get. */
  readonly reports = new Subject<WorkerReported>();
  private readonly startedAt = new Date();
  private readonly lag = new LoopLag();
  private readonly tables: TableLook;
  private beating: NodeJS.Timeout | undefined;
  private braking: Subscription | undefined;
  private hasEnded = false;
  private lastLook: TableState | null = null;

  constructor(private readonly options: WorkerReporterOptions) {
    this.tables = new TableLook(options.dataSource);
  }

  /** The outbox as the last report found it; null before there was one. */
  get outboxState(): WorkerReported['outbox'] {
    return this.lastLook?.outbox ?? null;
  }

  /** Messages that the inbox remembers, as the last report found it; null when that is not known. */
  get inboxEstimate(): number | null {
    return this.lastLook?.inboxEstimate ?? null;
  }

  start(): void {
    this.lag.start();
    this.beating = setInterval(() => void this.beat(), this.everyMs);
    this.beating.unref();
    // At once means without asking the database, which may be why the brake is on.
    this.braking = this.options.brakes.changes.subscribe(() => this.tell());
    void this.beat();
  }

  stop(): void {
    clearInterval(this.beating);
    this.braking?.unsubscribe();
    this.lag.stop();
  }

  /** Tells that the process has drained and ends, so that its silence alarms nobody. */
  sayLast(): void {
    this.tell({ isLast: true });
    this.hasEnded = true;
  }

  /** How the process is at this moment. Takes up to two seconds when the database does not answer. */
  async report(): Promise<WorkerReported> {
    this.lastLook = await this.tables.read();
    return this.facts();
  }

  /** What is known without asking anybody; the outbox is as it was found last. */
  private facts(): WorkerReported {
    const { service, instance, memoryLimitBytes } = this.options.messaging;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      instance,
      service,
      version,
      host: hostname(),
      pid: process.pid,
      startedAt: this.startedAt.toISOString(),
      reportedAt: new Date().toISOString(),
      everyMs: this.everyMs,
      memory: { rssBytes: rss, heapUsedBytes: heapUsed, limitBytes: memoryLimitBytes ?? null },
      eventLoop: this.lag.read(),
      pool: poolCounts(this.options.dataSource),
      outbox: this.outboxState,
      broker: this.options.connections(),
      consumers: this.options.consumers(),
    };
  }

  private get everyMs(): number {
    return this.options.messaging.heartbeatMs ?? 5_000;
  }

  private async beat(): Promise<void> {
    this.lastLook = await this.tables.read();
    this.tell();
  }

  private tell(more: Pick<WorkerReported, 'isLast'> = {}): void {
    // A report that was being made while the last word was said would undo it.
    if (this.hasEnded) return;
    try {
      const report = { ...this.facts(), ...more };
      this.lag.reset();
      this.reports.next(report);
      this.options.send(WorkerReported(report));
    } catch (error) {
      this.options.onError(error);
    }
  }
}
