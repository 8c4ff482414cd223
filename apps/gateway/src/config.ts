import { CommonConfig, integer } from '@offload/platform';
import { z } from 'zod';
import { isWellFormedApiKey } from './access/api-key.js';

/** What the gateway is told, besides what every service is told. */
export const GatewayConfig = CommonConfig.extend({
  STORAGE_FOLDER: z
    .string()
    .startsWith('/', 'Give an absolute path.')
    .describe('Folder for uploaded files; the same one for all gateway and ingest processes.'),
  MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(10 * 1024 ** 3)
    .describe('Largest file that is accepted, in bytes.'),
  BOOTSTRAP_API_KEY: z
    .string()
    .refine(
      isWellFormedApiKey,
      'This is not an API key: off_live_<22 letters and digits>_<checksum>.',
    )
    .optional()
    .describe('An API key of the default tenant that may do everything; kept as a hash only.'),
  OUTBOX_LIMIT: integer(1, 1_000_000_000)
    .default(100_000)
    .describe('Messages waiting for the broker above which POSTs are answered with 503.'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe('The address under which clients reach the gateway; named in its OpenAPI document.'),
});
export type GatewayConfig = z.output<typeof GatewayConfig>;

export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');
