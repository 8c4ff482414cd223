import { EmailSent, type Outgoing, SendEmail } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { emailsInHand } from '../config.js';
import { MailRelay } from './relay/mail-relay.js';
import { AttemptLog, lockEmail } from './attempt-log.js';
import { checkSendable, composeEmail, identify } from './compose-email.js';
import type { EmailAttempt } from './email-attempt.entity.js';
import type { Email } from './email.entity.js';
import { HeldInDoubt, mayMeetAll } from './emails.errors.js';
import { endOf, failedAttempt } from './end-of-attempt.js';
import { MailSettings } from './mail-settings.js';

/** Tries altogether: with the default tiers about nine hours, so that a relay may be away overnight. */
const attempts = 16;

/**
 * Hands one e-mail to the relay.
 *
 * 1. Lock the e-mail, so that two deliveries for it never talk to the relay side by side.
 * 2. Commit the start of an attempt, unless an earlier one has sent it or left it in doubt.
 * 3. Talk to the relay.
 * 4. Commit the end of the attempt. What the relay has taken is not sent again, whatever becomes of
 *    this delivery.
 * 5. Return EmailSent; or throw, which retries or makes a dead letter.
 *
 * Safe to call again after a crash at any point. Only a crash between 2 and 4 leaves a doubt.
 */
@Handles(SendEmail, {
  queue: 'notifier.send-email',
  prefetch: emailsInHand,
  attempts,
  brakeOn: mayMeetAll,
})
export class SendEmailHandler implements MessageHandler<typeof SendEmail> {
  constructor(
    private readonly relay: MailRelay,
    private readonly log: AttemptLog,
    private readonly settings: MailSettings,
  ) {}

  async handle(
    mail: SendEmail,
    { tx, envelope, isLastAttempt }: HandlerContext,
  ): Promise<Outgoing[]> {
    checkSendable(mail);
    const { emailId } = mail;
    const { from, messageIdHeader } = identify(mail, this.settings.from);
    const { inDoubt } = this.settings;

    await lockEmail(tx, emailId);
    const begun = await this.log.begin(
      { emailId, messageIdHeader, relay: this.relay.name, inDoubt },
      envelope,
    );
    const { email, attempt } = begun;
    if (begun.kind === 'sent') return [sent(email, attempt)];
    if (begun.kind === 'hold') throw new HeldInDoubt(emailId, attempt.number, attempt.reply ?? '');

    const { alreadyServed } = begun;
    const message = composeEmail(mail, {
      from,
      messageIdHeader: email.messageIdHeader,
      date: email.datedAt,
      alreadyServed,
    });
    const handOver = await this.relay.handOver(message);
    const end = endOf(handOver, { alreadyServed, recipients: message.envelope.to });
    if (end.outcome === 'sent') {
      await this.log.finish(attempt, end, [], envelope);
      return [sent(email, attempt)];
    }

    const { event, error } = failedAttempt(attempt, end, {
      isLast: isLastAttempt,
      inDoubt,
      isAboutThisEmail: handOver.isAboutThisEmail,
      at: new Date(),
    });
    await this.log.finish(attempt, end, [event], envelope);
    throw error;
  }
}

function sent({ id, messageIdHeader }: Email, attempt: EmailAttempt): Outgoing {
  return EmailSent({
    emailId: id,
    messageIdHeader,
    attempt: attempt.number,
    response: attempt.reply ?? '',
    refused: attempt.refused,
    sentAt: (attempt.finishedAt ?? attempt.startedAt).toISOString(),
  });
}
