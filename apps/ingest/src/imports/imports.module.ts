import { type DynamicModule, Module } from '@nestjs/common';
import { FileStore } from '@offload/storage';
import { LoadChunkHandler } from './load-chunk.handler.js';
import { ReportProgressHandler } from './report-progress.handler.js';
import { SplitFileHandler } from './split-file.handler.js';
import { StartImportHandler } from './start-import.handler.js';

@Module({})
export class ImportsModule {
  static forRoot(files: FileStore): DynamicModule {
    return {
      module: ImportsModule,
      controllers: [StartImportHandler, SplitFileHandler, LoadChunkHandler, ReportProgressHandler],
      providers: [{ provide: FileStore, useValue: files }],
    };
  }
}
