import { type DynamicModule, Module } from '@nestjs/common';
import { AwaitDataset } from './await-dataset.js';
import { CreateDataset } from './create-dataset.js';
import { DatasetRowsController } from './dataset-rows.controller.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsQueries } from './datasets.queries.js';
import { DropDataset } from './drop-dataset.js';
import { ExportRows } from './export/export-rows.js';
import { ExtendDataset } from './extend-dataset.js';
import { FIND_OPEN_IMPORT, type FindOpenImport } from './lock-idle.js';
import { ProjectDatasetHandler } from './project-dataset.handler.js';
import { ReadRows } from './rows/read-rows.js';
import { TrackDatasetDroppedHandler } from './track-dataset-dropped.handler.js';
import { TrackDatasetRefusedHandler } from './track-dataset-refused.handler.js';

@Module({})
export class DatasetsModule {
  static forRoot({ findOpenImport }: { findOpenImport: FindOpenImport }): DynamicModule {
    return {
      module: DatasetsModule,
      controllers: [
        DatasetsController,
        DatasetRowsController,
        ProjectDatasetHandler,
        TrackDatasetRefusedHandler,
        TrackDatasetDroppedHandler,
      ],
      providers: [
        CreateDataset,
        ExtendDataset,
        DropDataset,
        AwaitDataset,
        DatasetsQueries,
        ReadRows,
        ExportRows,
        { provide: FIND_OPEN_IMPORT, useValue: findOpenImport },
      ],
    };
  }
}
