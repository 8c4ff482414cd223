import { EmailDeferred, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackEmail } from './track-email.js';

@Handles(EmailDeferred, { queue: 'gateway.track-email-deferred' })
export class TrackEmailDeferredHandler implements MessageHandler<typeof EmailDeferred> {
  async handle(deferred: EmailDeferred, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackEmail(tx, {
      emailId: deferred.emailId,
      type: 'email-deferred',
      take: (email) => email.defer(deferred),
    });
    return [];
  }
}
