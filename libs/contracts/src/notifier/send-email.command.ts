import { z } from 'zod';
import { command, type PayloadOf } from '../message.js';
import { aboutEmail, MailAddress } from './email-messages.js';

/** Asks for one e-mail to be handed to a mail relay. At least one of `html` and `text` is given. */
export const SendEmail = command(
  'notifier.send-email.v1',
  z.object({
    emailId: z.uuid(),
    /** Left out, the notifier's own sender is used. */
    from: MailAddress.optional(),
    to: z.array(MailAddress).min(1).max(50),
    cc: z.array(MailAddress).max(50).optional(),
    bcc: z.array(MailAddress).max(50).optional(),
    replyTo: z.array(MailAddress).max(50).optional(),
    subject: z.string().max(998),
    html: z.string().optional(),
    text: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    tags: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  }),
  aboutEmail,
);
export type SendEmail = PayloadOf<typeof SendEmail>;
