import { brokerHealth, type MessagingRuntime, serviceChecks } from '@offload/messaging';
import type { HealthCheck } from '@offload/platform';
import { type FileStore, storageCheck } from '@offload/storage';
import type { DataSource } from 'typeorm';

/**
 * What the gateway needs to be sent requests: its database.
 *
 * A broker that is away, or that has blocked us because it is short of memory or disk, is told and does
 * not make it unready: all gateways would be unready at once, and a balancer would answer for them with
 * 503. Accepting work meanwhile is what the outbox is for, until OUTBOX_LIMIT. Without the storage uploads
 * are refused, and everything else goes on.
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
  return { isUp: true, reason: `${reason} Accepted work waits in the outbox.` };
}
