import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type OnModuleInit,
} from '@nestjs/common';
import { TopicSnapshots } from '../events/topic-snapshots.js';
import { AcceptImport } from './accept-import.js';
import { ActOnImport } from './act-on-import.js';
import { ImportActionsController } from './import-actions.controller.js';
import {
  GET_MAPPING,
  GET_UPLOAD,
  type GetMapping,
  type GetUpload,
  STORE_BODY,
  type StoreBody,
} from './import-ports.js';
import { ImportsController } from './imports.controller.js';
import { ImportsQueries } from './imports.queries.js';
import { ReceiveCorrections } from './receive-corrections.js';
import { RejectedRowsController } from './rejected-rows.controller.js';
import { RejectedRowsQueries } from './rejected-rows.queries.js';
import { TrackImportActionRefusedHandler } from './track-import-action-refused.handler.js';
import { TrackImportCanceledHandler } from './track-import-canceled.handler.js';
import { TrackImportCompletedHandler } from './track-import-completed.handler.js';
import { TrackImportFailedHandler } from './track-import-failed.handler.js';
import { TrackImportHeldHandler } from './track-import-held.handler.js';
import { TrackImportProgressedHandler } from './track-import-progressed.handler.js';
import { TrackImportResumedHandler } from './track-import-resumed.handler.js';
import { TrackImportRevertedHandler } from './track-import-reverted.handler.js';
import { TrackImportStartedHandler } from './track-import-started.handler.js';
import { WaitForImport } from './wait-for-import.js';

export interface ImportsPorts extends Pick<ModuleMetadata, 'imports'> {
  getUpload: GetUpload;
  getMapping: GetMapping;
  /** Made by what the imported modules export. */
  storeBody: Omit<FactoryProvider<StoreBody>, 'provide'>;
}

@Module({})
export class ImportsModule implements OnModuleInit {
  constructor(
    private readonly imports: ImportsQueries,
    private readonly snapshots: TopicSnapshots,
  ) {}

  static forRoot({ imports, getUpload, getMapping, storeBody }: ImportsPorts): DynamicModule {
    return {
      module: ImportsModule,
      ...(imports && { imports }),
      controllers: [
        ImportsController,
        ImportActionsController,
        RejectedRowsController,
        ...trackingHandlers,
      ],
      providers: [
        AcceptImport,
        ActOnImport,
        ImportsQueries,
        ReceiveCorrections,
        RejectedRowsQueries,
        WaitForImport,
        { provide: GET_UPLOAD, useValue: getUpload },
        { provide: GET_MAPPING, useValue: getMapping },
        { provide: STORE_BODY, ...storeBody },
      ],
    };
  }

  onModuleInit(): void {
    this.snapshots.register('import', async (tx, tenantId, id) => {
      const run = await this.imports.find(tx, tenantId, id);
      return run ? { data: this.imports.resourceOf(run), hasEnded: run.isSettled } : undefined;
    });
  }
}

const trackingHandlers = [
  TrackImportStartedHandler,
  TrackImportProgressedHandler,
  TrackImportHeldHandler,
  TrackImportResumedHandler,
  TrackImportCompletedHandler,
  TrackImportFailedHandler,
  TrackImportCanceledHandler,
  TrackImportRevertedHandler,
  TrackImportActionRefusedHandler,
];
