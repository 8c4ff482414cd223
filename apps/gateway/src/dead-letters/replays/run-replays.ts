import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { MessagingRuntime } from '@offload/messaging';
import { MetricsRegistry } from '@offload/platform';
import { DataSource } from 'typeorm';
import { SUBJECT_LISTENERS, type SubjectListeners } from '../subjects.js';
import { FailedSteps, mostFailedSteps } from './failed-steps.js';
import { pauseFailing } from './pause-by-itself.js';
import { QUEUE_HEALTH, type ReadQueueHealth } from './queue-health.js';
import { replayedMessages } from './replays.metrics.js';
import { stepReplay } from './step-replay.js';

const everyMs = 250;
/** Outcomes come in by the thousand; a step for each would do little else. */
const restMs = 50;
/** What is heard of replays that have ended is no hurry. */
const lateEveryRounds = 10;

/**
 * Drives every replay that has not ended, in each replica of the gateway: a look four times a second,
 * and at once when an outcome has come in. Which replica does a step is all the same (step-replay.ts).
 */
@Injectable()
export class RunReplays implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('RunReplays');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;
  private rounds = 0;
  private readonly failed = new FailedSteps();
  private wake: (() => void) | undefined;
  private readonly outcomes;

  constructor(
    private readonly dataSource: DataSource,
    private readonly runtime: MessagingRuntime,
    @Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners,
    @Inject(QUEUE_HEALTH) private readonly readHealth: ReadQueueHealth,
    registry: MetricsRegistry,
  ) {
    this.outcomes = registry.counter(replayedMessages);
  }

  onApplicationBootstrap(): void {
    this.runtime.deliveries.settled.subscribe(({ queue, outcome }) => {
      if (queue === 'gateway.settle-replayed' && outcome === 'handled') this.nudge();
    });
    this.timer = setInterval(() => this.nudge(), everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    this.wake?.();
    await this.running;
  }

  /** A replay may have something to do. Safe to call at any time. */
  nudge(): void {
    if (this.isStopped) return;
    this.isWanted = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  private async run(): Promise<void> {
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      try {
        for (const id of await this.listUnfinished()) {
          if (!this.isStopped) await this.step(id);
        }
      } catch (error) {
        this.logger.warn({ event: 'run-replays', err: error });
      }
      await this.rest();
    }
  }

  /** One that fails does not hold up the others, and is paused when it fails again and again. */
  private async step(replayId: string): Promise<void> {
    if (!this.failed.mayTry(replayId)) return;
    try {
      const tools = { listeners: this.listeners, readHealth: this.readHealth };
      const result = await this.dataSource.transaction((tx) => stepReplay(tx, replayId, tools));
      this.failed.forget(replayId);
      for (const outcome of result?.settled ?? []) this.outcomes.inc({ outcome });
      if (result?.hasPublished) this.runtime.nudge();
      if (result?.isMore) this.isWanted = true;
    } catch (error) {
      this.logger.warn({ event: 'step-replay', replayId, err: error });
      const failures = this.failed.add(replayId, error);
      if (failures >= mostFailedSteps) await this.pause(replayId, { failures, thrown: error });
    }
  }

  private async pause(replayId: string, why: { failures: number; thrown: unknown }): Promise<void> {
    try {
      const isPaused = await this.dataSource.transaction((tx) => pauseFailing(tx, replayId, why));
      if (isPaused) this.failed.forget(replayId);
    } catch (error) {
      this.logger.warn({ event: 'pause-replay', replayId, err: error });
    }
  }

  private async listUnfinished(): Promise<string[]> {
    const late = `union select distinct replay_id from replay_outcome`;
    const isTimeForLate = this.rounds++ % lateEveryRounds === 0;
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from replay where finished_at is null ${isTimeForLate ? late : ''} order by id`,
    );
    return rows.map(({ id }) => id);
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, restMs);
      const wake = (): void => done();
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      this.wake = wake;
      if (this.isStopped) done();
    });
  }
}
