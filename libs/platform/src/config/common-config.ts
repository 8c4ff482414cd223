import { hostname } from 'node:os';
import { z } from 'zod';

/** A whole number from an environment variable. */
export const integer = (min: number, max: number): z.ZodType<number> =>
  z.coerce.number().int().min(min).max(max);

/** What every service is told. Each service extends it by what it alone needs. */
export const CommonConfig = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('PostgreSQL 15 or later, as postgres://user:password@host:port/database.'),
  DATABASE_POOL: integer(4, 200)
    .default(20)
    .describe('Connections to PostgreSQL that one process holds at most.'),
  RABBITMQ_URL: z
    .url({ protocol: /^amqps?$/ })
    .describe('RabbitMQ 3.10 or later, as amqp://user:password@host:port/vhost.'),
  RETRY_TIERS_MS: z
    .string()
    .default('1000,3000,10000,30000,60000,300000,900000,3600000')
    .transform((list) => list.split(',').map(Number))
    .pipe(z.array(z.int().min(10)).min(1))
    .describe('Waits between tries in milliseconds, ascending; the same for all services.'),
  DRAIN_TIMEOUT_MS: integer(0, 600_000)
    .default(25_000)
    .describe('How long a stop waits for deliveries in hand, in milliseconds.'),
  OUTBOX_RETENTION_HOURS: z.coerce
    .number()
    .positive()
    .default(1)
    .describe('How long sent messages stay readable in the outbox, in hours.'),
  INBOX_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .default(60)
    .describe(
      'How long handled messages are remembered, in days; not shorter than dead letters are kept.',
    ),
  PORT: integer(0, 65_535).default(0).describe('Port of the HTTP server; 0 takes any free one.'),
  HOST: z.string().default('127.0.0.1').describe('Address the HTTP server listens on.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The least important log lines that are written.'),
  INSTANCE_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/)
    .default(() => `${hostname()}-${process.pid}`)
    .describe('This process among its replicas. (Default: host name and process id)'),
});
export type CommonConfig = z.output<typeof CommonConfig>;
