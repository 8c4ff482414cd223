import type { HealthCheck } from '@offload/platform';
import type { DataSource } from 'typeorm';
import type { ConnectionState } from './amqp/connection.js';
import type { MessagingRuntime } from './messaging-runtime.js';

/**
 * What every service needs to do its work: its database, and both connections to the broker.
 *
 * A blocked broker takes nothing from us, but the outbox keeps it and consuming goes on; it is told
 * and does not make a worker unready.
 */
export function serviceChecks(dataSource: DataSource, runtime: MessagingRuntime): HealthCheck[] {
  return [
    {
      name: 'database',
      check: async () => {
        await dataSource.query('select 1');
        return { isUp: true };
      },
    },
    { name: 'broker', check: async () => brokerHealth(runtime.connections) },
  ];
}

/** Unready while disconnected; words for everything that is not as it should be. */
export function brokerHealth({ publishing, consuming }: MessagingRuntime['connections']): {
  isUp: boolean;
  reason: string | undefined;
} {
  const troubles = [trouble('publish', publishing), trouble('consume', consuming)];
  const reason = troubles.filter((words) => words !== undefined).join(' ');
  const isUp = ![publishing, consuming].some(({ status }) => status === 'disconnected');
  return { isUp, reason: reason === '' ? undefined : reason };
}

function trouble(what: string, state: ConnectionState): string | undefined {
  if (state.status === 'connected') return undefined;
  return `The connection to ${what} is ${state.status}: ${state.reason}.`;
}
