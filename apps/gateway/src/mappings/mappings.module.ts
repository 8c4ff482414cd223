import { Module } from '@nestjs/common';
import { MappingsController } from './mappings.controller.js';
import { MappingsQueries } from './mappings.queries.js';
import { SaveMapping } from './save-mapping.js';

@Module({ controllers: [MappingsController], providers: [MappingsQueries, SaveMapping] })
export class MappingsModule {}
