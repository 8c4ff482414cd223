import { type DynamicModule, Module } from '@nestjs/common';
import { GET_UPLOAD, type GetUpload, InspectUpload } from './inspect-upload.js';
import { InspectionsController } from './inspections.controller.js';

@Module({})
export class InspectionsModule {
  static forRoot({ getUpload }: { getUpload: GetUpload }): DynamicModule {
    return {
      module: InspectionsModule,
      controllers: [InspectionsController],
      providers: [InspectUpload, { provide: GET_UPLOAD, useValue: getUpload }],
    };
  }
}
