import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutEmail } from './email-messages.js';

/** Says that a mail relay has taken the e-mail over (it answered 250). */
export const EmailSent = event(
  'notifier.email-sent.v1',
  z.object({
    emailId: z.uuid(),
    /** The Message-ID header, fixed before the first attempt. */
    messageIdHeader: z.string(),
    attempt: z.int().min(1),
    /** What the relay said. */
    response: z.string(),
    /** Recipients the relay refused although it took the mail for the others. */
    refused: z.array(z.string()),
    sentAt: z.iso.datetime(),
  }),
  aboutEmail,
);
export type EmailSent = PayloadOf<typeof EmailSent>;
