import type { BrakeSettings } from './consume/brake.js';
import type { Retention } from './outbox/clean-up.js';

/** How a service takes part in the road. */
export interface MessagingOptions {
  /** The owner name in message types and the prefix of its queues. */
  service: string;
  /** This process among its replicas; part of the names of its own queues and connections. */
  instance: string;
  /** One address, or those of a cluster's nodes separated by commas. */
  rabbitmqUrl: string;
  /** Waits between tries, ascending. (Default: 1s 3s 10s 30s 1m 5m 15m 1h) */
  retryTiersMs?: readonly number[];
  /** How long a stop waits for deliveries in hand, in milliseconds. (Default: 25 000) */
  drainTimeoutMs?: number;
  retention?: Retention;
  /** When everything that fails alike is taken for an outage. (Default: see `BrakeSettings`) */
  brake?: Partial<BrakeSettings>;
  /** Between two reports of how the process is, in milliseconds. (Default: 5000) */
  heartbeatMs?: number;
  /** Told in the reports; who enforces it is `startService`. (Default: no limit) */
  memoryLimitBytes?: number | undefined;
}

export const MESSAGING_OPTIONS = Symbol('MESSAGING_OPTIONS');
