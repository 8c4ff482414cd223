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
    retention: {
      outboxHours: config.OUTBOX_RETENTION_HOURS,
      inboxDays: config.INBOX_RETENTION_DAYS,
    },
  };
}
