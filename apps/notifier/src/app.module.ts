import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule, messagingOptionsOf, MessagingRuntime } from '@offload/messaging';
import { databaseModule, HealthModule, loggingModule } from '@offload/platform';
import { DataSource } from 'typeorm';
import type { NotifierConfig } from './config.js';
import { database } from './database/database.js';
import { EmailsModule } from './emails/emails.module.js';
import { MailSettings } from './emails/mail-settings.js';
import { notifierChecks } from './notifier-checks.js';
import { MailRelay } from './emails/relay/mail-relay.js';

@Module({})
export class AppModule {
  static forRoot(config: NotifierConfig): DynamicModule {
    const emails = EmailsModule.forRoot(
      new MailSettings({
        from: config.MAIL_FROM,
        inDoubt: config.IN_DOUBT,
        publicUrl: config.PUBLIC_URL,
      }),
      () => new MailRelay({ url: config.SMTP_URL, connections: config.SMTP_POOL }),
    );
    return {
      module: AppModule,
      imports: [
        loggingModule('notifier', config.LOG_LEVEL),
        databaseModule(database(config.DATABASE_URL, config.DATABASE_POOL), config),
        MessagingModule.forRoot({
          useFactory: () => messagingOptionsOf('notifier', config),
          inject: [],
        }),
        emails,
        {
          ...HealthModule.forRoot({
            useFactory: notifierChecks,
            inject: [DataSource, MessagingRuntime, MailRelay],
          }),
          imports: [emails],
        },
      ],
    };
  }
}
