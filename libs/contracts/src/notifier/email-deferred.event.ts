import { z } from 'zod';
import { event, type PayloadOf } from '../message.js';
import { aboutEmail } from './email-messages.js';

/** Says that an attempt did not succeed and another will follow by itself. */
export const EmailDeferred = event(
  'notifier.email-deferred.v1',
  z.object({
    emailId: z.uuid(),
    attempt: z.int().min(1),
    /** The relay's reply, or the failure to reach it, in words. */
    reason: z.string(),
    deferredAt: z.iso.datetime(),
  }),
  aboutEmail,
);
export type EmailDeferred = PayloadOf<typeof EmailDeferred>;
