import type { ConnectionState, MessagingRuntime } from '@offload/messaging';
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
    {
      name: 'database',
      check: async () => {
        await dataSource.query('select 1');
        return { isUp: true };
      },
    },
    { name: 'broker', check: async () => broker(runtime.connections) },
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

/** A blocked broker takes nothing from us, but the outbox keeps it, and consuming goes on. */
function broker({
  publishing,
  consuming,
}: MessagingRuntime['connections']): Awaited<ReturnType<HealthCheck['check']>> {
  const troubles = [trouble('publish', publishing), trouble('consume', consuming)];
  const reason = troubles.filter((words) => words !== undefined).join(' ');
  const isUp = ![publishing, consuming].some(({ status }) => status === 'disconnected');
  return reason === '' ? { isUp } : { isUp, reason };
}

function trouble(what: string, state: ConnectionState): string | undefined {
  if (state.status === 'connected') return undefined;
  return `The connection to ${what} is ${state.status}: ${state.reason}.`;
}
