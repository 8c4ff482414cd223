import { type DynamicModule, Module } from '@nestjs/common';
import { FileStore, openFileStore } from '@offload/storage';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { GET_UPLOAD, type GetUpload, InspectUpload } from './inspect-upload.js';
import { InspectionsController } from './inspections.controller.js';

@Module({})
export class InspectionsModule {
  static forRoot({ getUpload }: { getUpload: GetUpload }): DynamicModule {
    return {
      module: InspectionsModule,
      controllers: [InspectionsController],
      providers: [
        InspectUpload,
        { provide: GET_UPLOAD, useValue: getUpload },
        {
          provide: FileStore,
          inject: [GATEWAY_CONFIG],
          useFactory: (config: GatewayConfig) => openFileStore(config),
        },
      ],
    };
  }
}
