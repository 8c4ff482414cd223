import {
  type DynamicModule,
  type MiddlewareConsumer,
  Module,
  type NestModule,
} from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { CheckUploadHandler } from './check-upload.handler.js';
import { ExamineUpload } from './check/examine-upload.js';
import { SendContent } from './content/send-content.js';
import { UploadContentController } from './content/upload-content.controller.js';
import { DeleteUpload } from './delete-upload.js';
import { UploadLeases } from './leases/upload-leases.js';
import { UploadMetrics } from './upload-metrics.js';
import { UploadQuotas } from './quotas/upload-quotas.js';
import { ReapUploads } from './reap/reap-uploads.js';
import { RescanUploads } from './reap/rescan-uploads.js';
import { ReceiveUpload } from './receive-upload.js';
import { AppendToUpload } from './receive/append-to-upload.js';
import { CompleteUpload } from './receive/complete-upload.js';
import { RecoverUpload } from './receive/recover-upload.js';
import { RunningDigests } from './receive/running-digests.js';
import { StorePiece } from './receive/store-piece.js';
import { RemoveFiles } from './remove-files.js';
import { Clamd } from './scan/clamd.js';
import { SCANNER } from './scanner.js';
import { BeginUpload } from './tus/begin-upload.js';
import { CreateUpload } from './tus/create-upload.js';
import { TellOffset } from './tus/tell-offset.js';
import { TusController } from './tus/tus.controller.js';
import { speakTus } from './tus/tus.guard.js';
import { FIND_UPLOAD_USES, type FindUploadUses } from './upload-uses.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsQueries } from './uploads.queries.js';

@Module({})
export class UploadsModule implements NestModule {
  static forRoot({ findUses }: { findUses: FindUploadUses }): DynamicModule {
    return {
      module: UploadsModule,
      // HEAD is tus before it is the head of a GET, and the first route that fits counts.
      controllers: [TusController, UploadsController, UploadContentController, CheckUploadHandler],
      providers: [
        AppendToUpload,
        BeginUpload,
        CompleteUpload,
        CreateUpload,
        DeleteUpload,
        ExamineUpload,
        ReapUploads,
        ReceiveUpload,
        RecoverUpload,
        RemoveFiles,
        RescanUploads,
        RunningDigests,
        SendContent,
        StorePiece,
        TellOffset,
        UploadLeases,
        UploadMetrics,
        UploadQuotas,
        UploadsQueries,
        { provide: FIND_UPLOAD_USES, useValue: findUses },
        {
          provide: SCANNER,
          inject: [GATEWAY_CONFIG],
          useFactory: openScanner,
        },
      ],
      exports: [ReceiveUpload],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(speakTus).forRoutes('v1/uploads', 'v1/uploads/:id');
  }
}

function openScanner(config: GatewayConfig): Clamd | undefined {
  const { SCAN_POLICY: policy, CLAMD_URL: url, CLAMD_STREAM_MAX_BYTES: streamMaxBytes } = config;
  if (policy === 'off' || url === undefined) return undefined;
  return new Clamd(url, streamMaxBytes === undefined ? {} : { streamMaxBytes });
}
