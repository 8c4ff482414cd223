import type { CommonConfig } from '@offload/platform';
import type { MessagingOptions } from './messaging.options.js';

/** A service's part of the road, from its configuration. */
export function messagingOptionsOf(service: string, config: CommonConfig): MessagingOptions {
  return {
    service,
    instance: config.INSTANCE_ID,
    rabbitmqUrl: config.RABBITMQ_URL,
    retryTiersMs: config.RETRY_TIERS_MS,
    drainTimeoutMs: config.DRAIN_TIMEOUT_MS,
    brake: { failures: config.BRAKE_FAILURES },
    heartbeatMs: config.HEARTBEAT_MS,
    memoryLimitBytes: memoryLimitBytesOf(config),
    retention: {
      outboxHours: config.OUTBOX_RETENTION_HOURS,
      inboxDays: config.INBOX_RETENTION_DAYS,
    },
  };
}

/** Undefined where no limit is set. */
export function memoryLimitBytesOf({
  MEMORY_LIMIT_MB: limit,
}: Pick<CommonConfig, 'MEMORY_LIMIT_MB'>): number | undefined {
  return limit === undefined ? undefined : limit * 1024 ** 2;
}
