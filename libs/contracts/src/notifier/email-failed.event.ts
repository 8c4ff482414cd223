import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutEmail } from './email-messages.js';

/** Says that the e-mail was given up: refused for good (SMTP 5xx), or tried often enough. It waits as a dead letter. */
export const EmailFailed = event(
  'notifier.email-failed.v1',
  z.object({
    emailId: z.uuid(),
    attempt: z.int().min(1),
    reason: z.string(),
    failedAt: z.iso.datetime(),
  }),
  aboutEmail,
);
export type EmailFailed = PayloadOf<typeof EmailFailed>;
