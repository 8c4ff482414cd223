import { type DynamicModule, Module } from '@nestjs/common';
import {
  MessagingModule,
  messagingOptionsOf,
  MessagingRuntime,
  serviceChecks,
} from '@offload/messaging';
import { databaseModule, HealthModule, loggingModule } from '@offload/platform';
import { openFileStore, storageCheck } from '@offload/storage';
import { DataSource } from 'typeorm';
import type { IngestConfig } from './config.js';
import { database } from './database/database.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { ImportsModule } from './imports/imports.module.js';

@Module({})
export class AppModule {
  static forRoot(config: IngestConfig): DynamicModule {
    const files = openFileStore(config);
    return {
      module: AppModule,
      imports: [
        loggingModule('ingest', config.LOG_LEVEL),
        databaseModule(database(config.DATABASE_URL, config.DATABASE_POOL), config),
        MessagingModule.forRoot({
          useFactory: () => messagingOptionsOf('ingest', config),
          inject: [],
        }),
        ImportsModule.forRoot(files, { days: config.REPLACED_RETENTION_DAYS }),
        DatasetsModule,
        HealthModule.forRoot({
          useFactory: (dataSource: DataSource, runtime: MessagingRuntime) => [
            ...serviceChecks(dataSource, runtime),
            storageCheck(files),
          ],
          inject: [DataSource, MessagingRuntime],
        }),
      ],
    };
  }
}
