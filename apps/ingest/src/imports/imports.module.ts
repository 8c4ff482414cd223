import { type DynamicModule, Module } from '@nestjs/common';
import { FileStore } from '@offload/storage';
import { CancelImportHandler } from './actions/cancel-import.handler.js';
import { ConfirmImportHandler } from './actions/confirm-import.handler.js';
import { RetryImportHandler } from './actions/retry-import.handler.js';
import type { ImportRetention } from './clean-up/clean-up-imports.js';
import { CleanUpTimer, IMPORT_RETENTION } from './clean-up/clean-up-timer.js';
import { ImportMetrics } from './count/import-metrics.js';
import { FixRowsHandler } from './fix/fix-rows.handler.js';
import { LoadChunkHandler } from './load/load-chunk.handler.js';
import { SplitFileHandler } from './load/split-file.handler.js';
import { MergeRowsHandler } from './merge/merge-rows.handler.js';
import { ReportProgressHandler } from './progress/report-progress.handler.js';
import { RestoreDatasetHandler } from './replace/restore-dataset.handler.js';
import { RevertImportHandler } from './revert/revert-import.handler.js';
import { RevertRowsHandler } from './revert/revert-rows.handler.js';
import { PrepareFileHandler } from './start/prepare-file.handler.js';
import { StartImportHandler } from './start/start-import.handler.js';

@Module({})
export class ImportsModule {
  static forRoot(files: FileStore, retention: ImportRetention): DynamicModule {
    return {
      module: ImportsModule,
      controllers: [
        StartImportHandler,
        PrepareFileHandler,
        SplitFileHandler,
        LoadChunkHandler,
        ReportProgressHandler,
        MergeRowsHandler,
        ConfirmImportHandler,
        CancelImportHandler,
        RetryImportHandler,
        FixRowsHandler,
        RevertImportHandler,
        RevertRowsHandler,
        RestoreDatasetHandler,
      ],
      providers: [
        CleanUpTimer,
        ImportMetrics,
        { provide: FileStore, useValue: files },
        { provide: IMPORT_RETENTION, useValue: retention },
      ],
    };
  }
}
