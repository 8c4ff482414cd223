import { EmailSent, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { trackEmail } from './track-email.js';

@Handles(EmailSent, { queue: 'gateway.track-email-sent' })
export class TrackEmailSentHandler implements MessageHandler<typeof EmailSent> {
  async handle(sent: EmailSent, { tx }: HandlerContext): Promise<Outgoing[]> {
    await trackEmail(tx, {
      emailId: sent.emailId,
      type: 'email-sent',
      take: (email) => email.send(sent),
    });
    return [];
  }
}
