import { CommonConfig, integer } from '@offload/platform';
import { storageConfig, storageIsChosen } from '@offload/storage';
import { z } from 'zod';
import { isWellFormedApiKey } from './access/api-key.js';
import { scannerIsNamed, uploadConfig } from './uploads/upload-config.js';

/** What the gateway is told, besides what every service is told. */
export const GatewayConfig = CommonConfig.extend({
  ...storageConfig,
  ...uploadConfig,
  BOOTSTRAP_API_KEY: z
    .string()
    .refine(
      isWellFormedApiKey,
      'This is not an API key: off_live_<22 letters and digits>_<checksum>.',
    )
    .optional()
    .describe('An API key of the default tenant that may do everything; kept as a hash only.'),
  DEAD_LETTER_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .default(30)
    .describe(
      'How long dead letters that were resolved or discarded are kept, in days; open ones are kept until somebody acts.',
    ),
  MAX_RUNNING_IMPORTS: integer(1, 1_000_000)
    .default(100)
    .describe(
      'Imports of one tenant that may run at once; those that wait for a person do not count. More are answered with 429.',
    ),
  OUTBOX_LIMIT: integer(1, 1_000_000_000)
    .default(100_000)
    .describe('Messages waiting for the broker above which POSTs are answered with 503.'),
  RABBITMQ_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "RabbitMQ's management API, as http://user:password@host:15672; without user and password those of RABBITMQ_URL are used. Without it rates and alarms are not shown.",
    ),
  WATCHDOG_EVERY_S: integer(1, 3600)
    .default(15)
    .describe('Between two looks of the watchdog, in seconds; one replica looks each time.'),
  STALLED_AFTER_MIN: integer(1, 10_080)
    .default(15)
    .describe(
      'Minutes without a sign of life after which work counts as stalled; an e-mail at least twice the longest retry tier.',
    ),
  QUERY_TIMEOUT_MS: integer(100, 600_000)
    .default(10_000)
    .describe('Longest that a page of rows may take to be read, in milliseconds.'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe('The address under which clients reach the gateway; named in its OpenAPI document.'),
})
  .check(storageIsChosen)
  .check(scannerIsNamed);
export type GatewayConfig = z.output<typeof GatewayConfig>;

export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');
