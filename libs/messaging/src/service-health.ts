import { describeError, type HealthCheck, poolCounts } from '@offload/platform';
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
      check: () => databaseHealth(dataSource),
      whyLate: () => poolTrouble(dataSource),
    },
    { name: 'broker', check: async () => brokerHealth(runtime.connections) },
  ];
}

async function databaseHealth(dataSource: DataSource): ReturnType<HealthCheck['check']> {
  try {
    await dataSource.query('select 1');
    return { isUp: true };
  } catch (error) {
    return { isUp: false, reason: `PostgreSQL does not answer: ${describeError(error).message}.` };
  }
}

/** A pool that is used up looks like a database that hangs, and another remedy helps. */
function poolTrouble(dataSource: DataSource): string | undefined {
  const { size, inUse, waiting } = poolCounts(dataSource);
  if (inUse < size) return undefined;
  return `All ${size} connections to PostgreSQL are in use, and ${waiting} requests wait for one. If that lasts, raise DATABASE_POOL or look for what holds them.`;
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
