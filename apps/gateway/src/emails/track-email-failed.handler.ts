import { EmailFailed, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackEmail } from './track-email.js';

@Handles(EmailFailed, { queue: 'gateway.track-email-failed' })
export class TrackEmailFailedHandler implements MessageHandler<typeof EmailFailed> {
  async handle(failed: EmailFailed, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackEmail(tx, {
      emailId: failed.emailId,
      type: 'email-failed',
      take: (email) => email.fail(failed),
    });
    return [];
  }
}
