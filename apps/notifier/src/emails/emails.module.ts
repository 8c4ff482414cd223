import { type DynamicModule, Module } from '@nestjs/common';
import { MailRelay } from './relay/mail-relay.js';
import { AttemptLog } from './attempt-log.js';
import { AttemptMetrics } from './attempt-metrics.js';
import { MailSettings } from './mail-settings.js';
import { SendEmailHandler } from './send-email.handler.js';
import { TellImportCanceledHandler } from './tell-import-canceled.handler.js';
import { TellImportCompletedHandler } from './tell-import-completed.handler.js';
import { TellImportFailedHandler } from './tell-import-failed.handler.js';

@Module({})
export class EmailsModule {
  static forRoot(settings: MailSettings, relay: () => MailRelay): DynamicModule {
    return {
      module: EmailsModule,
      controllers: [
        SendEmailHandler,
        TellImportCompletedHandler,
        TellImportFailedHandler,
        TellImportCanceledHandler,
      ],
      providers: [
        AttemptLog,
        AttemptMetrics,
        { provide: MailSettings, useValue: settings },
        { provide: MailRelay, useFactory: relay },
      ],
      exports: [MailRelay],
    };
  }
}
