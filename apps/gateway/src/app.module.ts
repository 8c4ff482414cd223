import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { SendEmail } from '@offload/contracts';
import type { UploadResource } from '@offload/contracts/http';
import { MessagingModule, messagingOptionsOf, MessagingRuntime } from '@offload/messaging';
import { databaseModule, HealthModule, loggingModule } from '@offload/platform';
import { FileStore, openFileStore } from '@offload/storage';
import { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module.js';
import { AuditModule } from './audit/audit.module.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';
import { database } from './database/database.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { interruptDataset } from './datasets/interrupt-dataset.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import type { SubjectListeners } from './dead-letters/subjects.js';
import type { SubjectViews } from './dead-letters/subject-views.js';
import { DocsController } from './docs/docs.controller.js';
import { giveUpEmail } from './emails/give-up-email.js';
import { EmailsModule } from './emails/emails.module.js';
import { viewEmail } from './emails/view-email.js';
import { EventsModule } from './events/events.module.js';
import { gatewayChecks } from './health/gateway-checks.js';
import { ProblemFilter } from './http/problem.filter.js';
import { SendReply } from './http/reply.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { findUploadUses } from './imports/find-upload-uses.js';
import { findOpenImport } from './imports/find-open-import.js';
import type { StoreBody } from './imports/import-ports.js';
import { ImportsModule } from './imports/imports.module.js';
import { interruptImport } from './imports/interrupt-import.js';
import { viewImport } from './imports/view-import.js';
import { getMapping } from './mappings/get-mapping.js';
import { MappingsModule } from './mappings/mappings.module.js';
import { InspectionsModule } from './inspections/inspections.module.js';
import { MonitorModule } from './monitor/monitor.module.js';
import { readQueueHealth } from './monitor/queues/read-queue-health.js';
import { getUpload } from './uploads/get-upload.js';
import { openIncomingFile } from './uploads/incoming-file.js';
import { ReceiveUpload } from './uploads/receive-upload.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { viewFile, viewUpload } from './uploads/view-upload.js';

/** The gateway, and the one place where its features meet. */
@Module({})
export class AppModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    const files = openFileStore(config);
    const uploads = UploadsModule.forRoot({ findUses: findUploadUses });
    return {
      module: AppModule,
      imports: [
        {
          module: ConfigModule,
          global: true,
          providers: [
            { provide: GATEWAY_CONFIG, useValue: config },
            { provide: FileStore, useValue: files },
          ],
          exports: [GATEWAY_CONFIG, FileStore],
        },
        loggingModule('gateway', config.LOG_LEVEL),
        databaseModule(database(config.DATABASE_URL, config.DATABASE_POOL), config),
        MessagingModule.forRoot({
          useFactory: () => messagingOptionsOf('gateway', config),
          inject: [],
        }),
        HealthModule.forRoot({
          useFactory: gatewayChecks,
          inject: [DataSource, MessagingRuntime, FileStore],
        }),
        AccessModule,
        IdempotencyModule,
        EventsModule,
        uploads,
        ImportsModule.forRoot({ getUpload, getMapping, imports: [uploads], storeBody }),
        MappingsModule,
        DatasetsModule.forRoot({ findOpenImport }),
        InspectionsModule.forRoot({ getUpload }),
        EmailsModule,
        AuditModule,
        DeadLettersModule.forRoot({
          listeners: subjectListeners,
          views: subjectViews(files),
          queueHealth: readQueueHealth,
        }),
        MonitorModule,
      ],
      controllers: [DocsController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: SendReply },
      ],
    };
  }
}

@Module({})
class ConfigModule {}

/** Rows that were corrected come as the body of a request, and are kept as an upload like any other. */
const storeBody = {
  inject: [ReceiveUpload],
  useFactory:
    (receive: ReceiveUpload): StoreBody =>
    async (key, request, fileName) => {
      const { body } = await receive.execute(key, await openIncomingFile(request, fileName));
      return (body as UploadResource).id;
    },
};

/** What a dead letter means for the thing it is about. */
export const subjectListeners: SubjectListeners = {
  import: interruptImport,
  dataset: interruptDataset,
  // Only the command to send it: a report that could not be stored says nothing about the e-mail.
  email: async (tx, setback) => {
    if (setback.isOpen && setback.messageType === SendEmail.type) await giveUpEmail(tx, setback);
  },
};

/** What the things are that a message can refer to. */
function subjectViews(files: FileStore): SubjectViews {
  return { import: viewImport, email: viewEmail, upload: viewUpload, file: viewFile(files) };
}
