import { brokerHealth, type MessagingRuntime, serviceChecks } from '@offload/messaging';
import type { HealthCheck } from '@offload/platform';
import { type FileStore, storageCheck } from '@offload/storage';
import type { DataSource } from 'typeorm';

/**
 * What the gateway needs to be sent requests: its database, and a broker that is not in distress.
 *
 * A broker that is away is told and does not make it unready: accepting work meanwhile is what the
 * outbox is for. One that has blocked us is running out of memory or disk, and more work would not
 * help it. Without the storage uploads are refused, and everything else goes on.
 */
export function gatewayChecks(
  dataSource: DataSource,
  runtime: MessagingRuntime,
  files: FileStore,
): HealthCheck[] {
  const checks = serviceChecks(dataSource, runtime).map((check) =>
    check.name === 'broker' ? { ...check, check: async () => brokerCheck(runtime) } : check,
  );
  return [...checks, { ...storageCheck(files), isNeeded: false }];
}

function brokerCheck({ connections }: MessagingRuntime): Awaited<ReturnType<HealthCheck['check']>> {
  const { reason } = brokerHealth(connections);
  if (reason === undefined) return { isUp: true };
  const isBlocked = Object.values(connections).some(({ status }) => status === 'blocked');
  return { isUp: !isBlocked, reason: `${reason} Accepted work waits in the outbox.` };
}
