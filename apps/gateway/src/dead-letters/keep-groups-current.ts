import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { regroupLetters } from './regroup-letters.js';

const everyMs = 60 * 60_000;

/**
 * Puts dead letters that an older rule has placed into the groups of this version: at the start, and from
 * then on each hour, since during a rolling update replicas of the older version go on storing.
 */
@Injectable()
export class KeepGroupsCurrent implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('DeadLetters');
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.run());
    }, everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.running;
  }

  /** Safe in several replicas at once. */
  private async run(): Promise<void> {
    try {
      const { moved } = await regroupLetters(this.dataSource, 'outdated', this.stop.signal);
      if (moved > 0) this.logger.log({ event: 'dead-letters-regrouped', moved });
    } catch (error) {
      this.logger.warn({ event: 'dead-letters-not-regrouped', err: error });
    }
  }
}
