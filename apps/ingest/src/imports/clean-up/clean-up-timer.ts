import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { describeError, RepeatedWork } from '@offload/platform';
import { FileStore } from '@offload/storage';
import { DataSource } from 'typeorm';
import { cleanUpImports, type ImportRetention } from './clean-up-imports.js';

export const IMPORT_RETENTION = Symbol('import retention');

/** Between two looks at what is left over, in milliseconds. */
const everyMs = 300_000;

/** Removes what imports have left behind, now and then, in every replica. */
@Injectable()
export class CleanUpTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Imports');
  private readonly repeated = new RepeatedWork(() => this.clean(), { everyMs });

  constructor(
    private readonly dataSource: DataSource,
    private readonly files: FileStore,
    @Inject(IMPORT_RETENTION) private readonly retention: ImportRetention,
  ) {}

  onApplicationBootstrap(): void {
    this.repeated.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeated.stop();
  }

  private async clean(): Promise<void> {
    try {
      const removed = await cleanUpImports(this.dataSource, this.files, this.retention);
      if (removed > 0) this.logger.log({ event: 'clean-up', removed });
    } catch (error) {
      this.logger.warn({ event: 'clean-up', err: describeError(error) });
    }
  }
}
