import { MailAddress } from '@offload/contracts';
import { CommonConfig, integer } from '@offload/platform';
import { z } from 'zod';

/**
 * E-mails that one process has in hand at once.
 *
 * Each holds two database connections for a moment: the delivery's own transaction stays open while
 * the relay is talked to, and the attempt is recorded on a second connection. The pool must
 * therefore be at least twice as large, or deliveries wait for each other's second connection.
 */
export const emailsInHand = 8;

/** Ended imports whose e-mail is being written at once, per process and kind of end. */
export const reportsInHand = 2;

/** What the notifier is told, besides what every service is told. */
export const NotifierConfig = CommonConfig.extend({
  DATABASE_POOL: integer(2 * emailsInHand, 200)
    .default(2 * emailsInHand + 2 * reportsInHand + 4)
    .describe(
      `Connections to PostgreSQL that one process holds at most; an e-mail in hand needs two, so at least ${2 * emailsInHand}.`,
    ),
  IDLE_TRANSACTION_TIMEOUT_MS: integer(110_000, 86_400_000)
    .default(120_000)
    .describe(
      'Longest that a transaction may do nothing, in milliseconds; the relay is talked to in one, for up to 100 s.',
    ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'Write it as smtp://user:password@host:port or smtps://…' })
    .describe(
      'The mail relay, as smtp://user:password@host:port (STARTTLS where the relay offers it) or smtps://… (TLS from the start). `?requireTLS=true` refuses plain text, `?tls.rejectUnauthorized=false` takes any certificate.',
    ),
  SMTP_POOL: integer(1, emailsInHand)
    .default(emailsInHand)
    .describe('Connections to the mail relay that one process holds at most.'),
  MAIL_FROM: MailAddress.describe(
    'The sender of e-mails that name none, as address or `Name <address>`.',
  ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the gateway is reached from outside; e-mails about imports link there.'),
  IN_DOUBT: z
    .enum(['retry', 'hold'])
    .default('retry')
    .describe(
      'When nobody knows whether the relay took an e-mail: `retry` sends it again with the same Message-ID, `hold` leaves it to an operator as a dead letter.',
    ),
});
export type NotifierConfig = z.output<typeof NotifierConfig>;
