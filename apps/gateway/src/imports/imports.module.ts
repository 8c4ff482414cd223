import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { TopicSnapshots } from '../events/topic-snapshots.js';
import { AcceptImport, GET_UPLOAD, type GetUpload } from './accept-import.js';
import { ImportsController } from './imports.controller.js';
import { ImportsQueries } from './imports.queries.js';
import { TrackImportCompletedHandler } from './track-import-completed.handler.js';
import { TrackImportFailedHandler } from './track-import-failed.handler.js';
import { TrackImportProgressedHandler } from './track-import-progressed.handler.js';
import { TrackImportStartedHandler } from './track-import-started.handler.js';

@Module({})
export class ImportsModule implements OnModuleInit {
  constructor(
    private readonly imports: ImportsQueries,
    private readonly snapshots: TopicSnapshots,
  ) {}

  static forRoot({ getUpload }: { getUpload: GetUpload }): DynamicModule {
    return {
      module: ImportsModule,
      controllers: [
        ImportsController,
        TrackImportStartedHandler,
        TrackImportProgressedHandler,
        TrackImportCompletedHandler,
        TrackImportFailedHandler,
      ],
      providers: [AcceptImport, ImportsQueries, { provide: GET_UPLOAD, useValue: getUpload }],
    };
  }

  onModuleInit(): void {
    this.snapshots.register('import', async (tx, tenantId, id) => {
      const run = await this.imports.find(tx, tenantId, id);
      return run ? { data: this.imports.resourceOf(run), hasEnded: run.hasEnded } : undefined;
    });
  }
}
