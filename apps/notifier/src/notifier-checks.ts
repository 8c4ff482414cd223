import { type MessagingRuntime, serviceChecks } from '@offload/messaging';
import type { HealthCheck } from '@offload/platform';
import type { DataSource } from 'typeorm';
import type { MailRelay } from './emails/relay/mail-relay.js';

/**
 * What the notifier needs to do its work.
 *
 * A relay that is away is told but does not make it unready: nobody sends requests here, e-mails
 * wait in the retry tiers meanwhile, and an unready notifier would block the very roll-out that
 * corrects the relay's address.
 */
export function notifierChecks(
  dataSource: DataSource,
  runtime: MessagingRuntime,
  relay: MailRelay,
): HealthCheck[] {
  return [
    ...serviceChecks(dataSource, runtime),
    {
      name: 'mail-relay',
      check: async () => ({
        isUp: true,
        reason:
          relay.trouble &&
          `${relay.name} did not answer the last time: ${relay.trouble} E-mails wait and are tried again.`,
      }),
    },
  ];
}
