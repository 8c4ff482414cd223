import { Module } from '@nestjs/common';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsQueries } from './datasets.queries.js';
import { ProjectDatasetHandler } from './project-dataset.handler.js';

@Module({
  controllers: [DatasetsController, ProjectDatasetHandler],
  providers: [DatasetsQueries],
})
export class DatasetsModule {}
