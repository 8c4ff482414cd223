import { hostname } from 'node:os';
import { z } from 'zod';
import { tracingConfig } from '../telemetry/tracing-config.js';

/** A whole number from an environment variable. */
export const integer = (min: number, max: number): z.ZodType<number> =>
  z.coerce.number().int().min(min).max(max);

const howToWriteDatabase = 'Write it as postgres://user:password@host:port/database.';

/** What every service is told. Each service extends it by what it alone needs. */
export const CommonConfig = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: howToWriteDatabase })
    // Without the slashes it is an address too, of which all is the path: the password would stand in messages.
    .regex(/^\w+:\/\//, howToWriteDatabase)
    .refine(canBeDecoded, 'A % in it begins an escape; write a plain one as %25, and @ as %40.')
    .describe('PostgreSQL 15 or later, as postgres://user:password@host:port/database.'),
  DATABASE_POOL: integer(4, 200)
    .default(20)
    .describe('Connections to PostgreSQL that one process holds at most.'),
  STATEMENT_TIMEOUT_MS: integer(1_000, 86_400_000)
    .default(300_000)
    .describe('Longest single statement, in milliseconds; PostgreSQL ends it then.'),
  IDLE_TRANSACTION_TIMEOUT_MS: integer(1_000, 86_400_000)
    .default(120_000)
    .describe(
      'Longest that a transaction may do nothing, in milliseconds; PostgreSQL ends its connection then.',
    ),
  RABBITMQ_URL: z
    .string()
    .refine(
      (list) =>
        list.split(',').every((url) => /^amqps?:\/\//.test(url) && z.url().safeParse(url).success),
      'Write it as amqp://user:password@host:port/vhost, several nodes separated by commas.',
    )
    .describe(
      'RabbitMQ 3.10 or later, as amqp://user:password@host:port/vhost; the nodes of a cluster separated by commas.',
    ),
  RETRY_TIERS_MS: z
    .string()
    .default('1000,3000,10000,30000,60000,300000,900000,3600000')
    .transform((list) => list.split(',').map(Number))
    .pipe(z.array(z.int().min(10)).min(1))
    .describe('Waits between tries in milliseconds, ascending; the same for all services.'),
  SHUTDOWN_DELAY_MS: integer(0, 600_000)
    .default(0)
    .describe(
      'How long a process that was asked to stop goes on to serve, in milliseconds, saying under /health/ready that it stops; longer than a balancer takes to notice.',
    ),
  DRAIN_TIMEOUT_MS: integer(0, 600_000)
    .default(25_000)
    .describe(
      'How long a stop waits for deliveries and, after the delay, for requests in hand, in milliseconds.',
    ),
  BRAKE_FAILURES: integer(2, 1_000_000)
    .default(10)
    .describe(
      'Failures in a row, all alike, after which a queue is only tried now and then until one succeeds.',
    ),
  HEARTBEAT_MS: integer(100, 600_000)
    .default(5_000)
    .describe('Between two reports of how a process is doing, in milliseconds.'),
  MEMORY_LIMIT_MB: integer(32, 1_048_576)
    .optional()
    .describe(
      'Resident memory in MiB above which a process finishes what is in hand and ends with code 75, for its supervisor to start it again.',
    ),
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
  ...tracingConfig,
});
export type CommonConfig = z.output<typeof CommonConfig>;

function canBeDecoded(url: string): boolean {
  try {
    return decodeURIComponent(url) !== '';
  } catch {
    return false;
  }
}
