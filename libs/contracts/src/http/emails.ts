import { z } from 'zod';
import { WorkHold } from './monitor.js';
import { headerNamePattern, isReservedHeader, MailAddress } from '../notifier/email-messages.js';

export const EmailState = z
  .enum(['queued', 'deferred', 'sent', 'failed'])
  .describe(
    '`sent`: a mail relay has taken it over. `deferred`: the relay did not take it yet, another ' +
      'attempt follows by itself. `failed`: given up; an operator can replay it.',
  );
export type EmailState = z.output<typeof EmailState>;

const HeaderName = z
  .string()
  .regex(headerNamePattern, 'A header name has 1 to 76 printable ASCII characters and no colon.')
  .refine((name) => !isReservedHeader(name), 'This header cannot be set here.');

const HeaderValue = z
  .string()
  .max(2000)
  .refine(isOneLine, 'A header stands on one line.')
  .describe('On one line.');

const addresses = z
  .union([MailAddress, z.array(MailAddress).min(1).max(50)])
  .transform((given) => (typeof given === 'string' ? [given] : given));

/** The body of Resend's `POST /emails`, as far as it is supported. */
export const CreateEmailRequest = z
  .strictObject({
    from: MailAddress.optional().describe('Left out, the sender of this installation.'),
    to: addresses.describe('One address or up to 50.'),
    cc: addresses.optional(),
    bcc: addresses.optional(),
    reply_to: addresses.optional(),
    subject: z.string().min(1).max(998).refine(isOneLine, 'A subject stands on one line.'),
    html: z.string().optional(),
    text: z.string().optional(),
    headers: z.record(HeaderName, HeaderValue).optional(),
    tags: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
          value: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
        }),
      )
      .max(75)
      .optional(),
  })
  .refine(({ html, text }) => html !== undefined || text !== undefined, {
    path: ['text'],
    message: 'Give `html`, `text`, or both.',
    params: { code: 'required' },
  })
  .meta({ id: 'CreateEmail' });
export type CreateEmailRequest = z.output<typeof CreateEmailRequest>;

export const EmailResource = z
  .object({
    id: z.uuid(),
    object: z.literal('email'),
    state: EmailState,
    from: z.string().nullable().describe('Null: the sender of this installation.'),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    bcc: z.array(z.string()),
    reply_to: z.array(z.string()),
    subject: z.string(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
    tags: z.array(z.object({ name: z.string(), value: z.string() })),
    attempts: z.int().describe('Attempts reported so far.'),
    reason: z.string().nullable().describe('Why it is deferred or has failed.'),
    hold: WorkHold.nullable().describe('Why it does not move: what it needs is failing.'),
    response: z.string().nullable().describe('What the relay said when it took it.'),
    refused: z.array(z.string()).describe('Recipients the relay refused.'),
    message_id: z.string().nullable().describe('The Message-ID header.'),
    created_at: z.iso.datetime(),
    sent_at: z.iso.datetime().nullable(),
    failed_at: z.iso.datetime().nullable(),
    links: z.object({ self: z.string(), events: z.string() }),
  })
  .meta({ id: 'Email' });
export type EmailResource = z.output<typeof EmailResource>;

/** A line break would begin another header. */
function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text);
}
