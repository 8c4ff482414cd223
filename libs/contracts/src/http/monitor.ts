import { z } from 'zod';

/** Where figures come from, and in words what is missing when a source is away. */
const Source = z.object({
  available: z.boolean(),
  detail: z.string().nullable().describe('Why not, and what to do; null when it is there.'),
});

export const MonitorBrake = z
  .object({
    instance: z.string(),
    since: z.iso.datetime(),
    failures: z.int(),
    code: z.string(),
    detail: z.string().describe('What fails, for people.'),
    next_probe_at: z.iso.datetime(),
  })
  .meta({ id: 'Brake' });
export type MonitorBrake = z.output<typeof MonitorBrake>;

export const MonitorQueue = z
  .object({
    name: z.string(),
    purpose: z.enum(['work', 'retry', 'last_resort', 'replica', 'other']),
    message_type: z.string().nullable(),
    ready: z.int().nullable().describe('Waiting; null when the broker cannot be asked.'),
    unacked: z.int().nullable().describe('In the hands of workers.'),
    consumers: z.int().nullable(),
    published_per_s: z.number().nullable(),
    acked_per_s: z.number().nullable(),
    oldest_wait_s: z
      .number()
      .nullable()
      .describe('How long live messages of the last minute had waited when a worker got them.'),
    brakes: z.array(MonitorBrake).describe('Workers that have paused it because everything fails.'),
  })
  .meta({ id: 'MonitorQueue' });
export type MonitorQueue = z.output<typeof MonitorQueue>;

export const QueueList = z.object({
  object: z.literal('list'),
  data: z.array(MonitorQueue),
  sources: z.object({ management: Source, workers: Source }),
});
export type QueueList = z.output<typeof QueueList>;

export const MonitorWorker = z
  .object({
    instance: z.string(),
    service: z.string(),
    version: z.string(),
    host: z.string(),
    pid: z.int(),
    state: z.enum(['up', 'silent']).describe('`silent`: nothing was heard for three reports.'),
    started_at: z.iso.datetime(),
    reported_at: z.iso.datetime(),
    memory: z.object({
      rss_bytes: z.int(),
      heap_used_bytes: z.int(),
      limit_bytes: z.int().nullable(),
    }),
    loop_lag_ms: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
    pool: z.object({ size: z.int(), in_use: z.int(), idle: z.int(), waiting: z.int() }),
    outbox: z.object({ pending: z.int(), oldest_age_s: z.number().nullable() }).nullable(),
    broker: z.object({ publishing: z.string(), consuming: z.string() }),
    in_hand: z.int(),
    handled: z.int().describe('Since it started; so are the others.'),
    duplicates: z.int(),
    retried: z.int(),
    dead_lettered: z.int(),
    queues: z.array(
      z.object({
        name: z.string(),
        in_hand: z.int(),
        handled: z.int(),
        retried: z.int(),
        dead_lettered: z.int(),
        brake: MonitorBrake.nullable(),
      }),
    ),
  })
  .meta({ id: 'Worker' });
export type MonitorWorker = z.output<typeof MonitorWorker>;

export const WorkerList = z.object({
  object: z.literal('list'),
  data: z.array(MonitorWorker),
  sources: z.object({ workers: Source }),
});
export type WorkerList = z.output<typeof WorkerList>;

const Percentiles = z
  .object({
    count: z.int(),
    p50: z.number().nullable(),
    p90: z.number().nullable(),
    p99: z.number().nullable(),
    max: z.number().nullable(),
  })
  .describe('Milliseconds over the last five minutes, rounded up to the bound of their bucket.');

export const MessageLatency = z
  .object({
    message_type: z.string().describe('`*` for the queues of last resort, which take any.'),
    queue: z.string(),
    handling_ms: Percentiles,
    total_ms: Percentiles.describe('From its being sent to its being handled, retries included.'),
  })
  .meta({ id: 'MessageLatency' });
export type MessageLatency = z.output<typeof MessageLatency>;

export const LatencyList = z.object({
  object: z.literal('list'),
  data: z.array(MessageLatency),
  sources: z.object({ workers: Source }),
});
export type LatencyList = z.output<typeof LatencyList>;

export const FindingCode = z.enum([
  'import_stalled',
  'email_stalled',
  'outbox_not_draining',
  'queue_without_consumer',
  'queue_braked',
  'unrouted_messages',
  'dead_letters_not_stored',
  'pool_exhausted',
  'event_loop_lag',
  'memory_growth',
  'worker_silent',
  'broker_away',
  'broker_alarm',
  'replay_paused',
]);
export type FindingCode = z.output<typeof FindingCode>;

export const Finding = z
  .object({
    id: z.uuid(),
    object: z.literal('finding'),
    code: FindingCode,
    severity: z.enum(['warning', 'critical']),
    subject: z.string().describe('What it is about, as `<kind>:<id>`.'),
    detail: z.string().describe('What is wrong, in one sentence.'),
    remedy: z.string().describe('What to do first.'),
    runbook: z.string().describe('The page that goes through it.'),
    since: z.iso.datetime(),
    last_seen_at: z.iso.datetime(),
    resolved_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Finding' });
export type Finding = z.output<typeof Finding>;

export const ListFindingsQuery = z.strictObject({
  state: z.enum(['open', 'resolved', 'all']).default('open'),
  code: FindingCode.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type ListFindingsQuery = z.output<typeof ListFindingsQuery>;

export const FindingList = z.object({
  object: z.literal('list'),
  data: z.array(Finding).describe('The most severe first, then the oldest.'),
  checked_at: z.iso.datetime().nullable().describe('When the watchdog last looked.'),
});
export type FindingList = z.output<typeof FindingList>;

/** Work that is held up, told to the person it belongs to. */
export const WorkHold = z
  .object({
    detail: z.string().describe('One sentence for people.'),
    since: z.iso.datetime(),
    next_try_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WorkHold' });
export type WorkHold = z.output<typeof WorkHold>;
