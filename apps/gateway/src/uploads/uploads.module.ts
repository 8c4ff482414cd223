import { Module } from '@nestjs/common';
import { FileStore } from '@offload/storage';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { ReceiveUpload } from './receive-upload.js';
import { UploadsController } from './uploads.controller.js';

@Module({
  controllers: [UploadsController],
  providers: [
    ReceiveUpload,
    {
      provide: FileStore,
      inject: [GATEWAY_CONFIG],
      useFactory: ({ STORAGE_FOLDER }: GatewayConfig) => new FileStore(STORAGE_FOLDER),
    },
  ],
  exports: [ReceiveUpload],
})
export class UploadsModule {}
