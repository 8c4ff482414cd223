import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { RepeatedWork } from '@offload/platform';
import { DataSource } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';

const everyMs = 10 * 60_000;
const batchSize = 500;

/**
 * Deletes dead letters that were resolved or discarded long enough ago, and with them their items in replays
 * that have ended; the replays keep their numbers. Those that are open, or that a replay has, are never deleted.
 */
@Injectable()
export class ForgetClosedLetters implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('DeadLetters');
  private readonly repeated = new RepeatedWork(() => this.run(), { everyMs });

  constructor(
    private readonly dataSource: DataSource,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.warnOfShortMemory();
    this.repeated.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeated.stop();
  }

  /** Safe in several replicas at once: each takes what no other has. Does not throw. */
  async run(): Promise<void> {
    try {
      let deleted = 0;
      let batch: number;
      do {
        batch = await this.deleteBatch();
        deleted += batch;
      } while (batch === batchSize && !this.repeated.isStopping);
      if (deleted > 0) this.logger.log({ event: 'dead-letters-forgotten', deleted });
    } catch (error) {
      this.logger.warn({ event: 'dead-letters-not-forgotten', err: error });
    }
  }

  private async deleteBatch(): Promise<number> {
    const [row]: { deleted: string }[] = await this.dataSource.query(
      `with forgotten as (
         delete from dead_letter where id in (
           select id from dead_letter
            where state in ('resolved', 'discarded') and closed_at < now() - $1 * interval '1 day'
            order by closed_at limit ${batchSize} for update skip locked)
         returning id
       ), items as (
         delete from replay_item item using forgotten, replay
          where item.dead_letter_id = forgotten.id and replay.id = item.replay_id
            and replay.finished_at is not null)
       select count(*) as deleted from forgotten`,
      [this.config.DEAD_LETTER_RETENTION_DAYS],
    );
    return Number(row?.deleted ?? 0);
  }

  /** A message whose inbox entry is gone would be done a second time when somebody replays it. */
  private warnOfShortMemory(): void {
    const { DEAD_LETTER_RETENTION_DAYS: letters, INBOX_RETENTION_DAYS: inbox } = this.config;
    if (inbox >= letters) return;
    this.logger.warn({
      event: 'inbox-shorter-than-dead-letters',
      detail: `Dead letters are kept for ${letters} days, but handled messages are remembered for ${inbox} only: a replay after that would do its work twice.`,
      help: 'Set INBOX_RETENTION_DAYS to at least DEAD_LETTER_RETENTION_DAYS, for every service.',
    });
  }
}
