import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { RepeatedWork } from '@offload/platform';
import { DataSource } from 'typeorm';
import { retentionHours } from './stored-replies.js';

const everyMs = 10 * 60_000;

/** Deletes stored answers that are past their time, and leases that nobody has come back to. */
@Injectable()
export class ForgetOldKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Idempotency');
  private readonly repeated = new RepeatedWork(() => this.run(), { everyMs });

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.repeated.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeated.stop();
  }

  /** Safe in several replicas at once. */
  async run(): Promise<void> {
    try {
      await this.dataSource.query(
        `delete from idempotency_key where created_at < now() - $1 * interval '1 hour'`,
        [retentionHours],
      );
      await this.dataSource.query(
        `delete from idempotency_lease where expires_at < now() - interval '1 hour'`,
      );
    } catch (error) {
      this.logger.warn({ event: 'forget-old-keys', err: error });
    }
  }
}
