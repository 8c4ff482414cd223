import { Module } from '@nestjs/common';
import { CreateDatasetHandler } from './create-dataset.handler.js';
import { DropDatasetHandler } from './drop-dataset.handler.js';
import { ExtendDatasetHandler } from './extend-dataset.handler.js';

@Module({ controllers: [CreateDatasetHandler, ExtendDatasetHandler, DropDatasetHandler] })
export class DatasetsModule {}
