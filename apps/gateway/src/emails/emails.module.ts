import { Module, type OnModuleInit } from '@nestjs/common';
import { TopicSnapshots } from '../events/topic-snapshots.js';
import { AcceptEmail } from './accept-email.js';
import { EmailsController } from './emails.controller.js';
import { EmailsQueries } from './emails.queries.js';
import { TrackEmailDeferredHandler } from './track-email-deferred.handler.js';
import { TrackEmailFailedHandler } from './track-email-failed.handler.js';
import { TrackEmailSentHandler } from './track-email-sent.handler.js';

@Module({
  controllers: [
    EmailsController,
    TrackEmailSentHandler,
    TrackEmailDeferredHandler,
    TrackEmailFailedHandler,
  ],
  providers: [AcceptEmail, EmailsQueries],
})
export class EmailsModule implements OnModuleInit {
  constructor(
    private readonly emails: EmailsQueries,
    private readonly snapshots: TopicSnapshots,
  ) {}

  onModuleInit(): void {
    this.snapshots.register('email', async (tx, tenantId, id) => {
      const email = await this.emails.find(tx, tenantId, id);
      return email ? { data: this.emails.resourceOf(email), hasEnded: email.hasEnded } : undefined;
    });
  }
}
