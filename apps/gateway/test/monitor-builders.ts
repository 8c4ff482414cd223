import type { BrakeReport, ConsumerReport, WorkerReported } from '@offload/contracts';
import type { BrokerQueue } from '../src/monitor/queues/management-api.js';
import type { BrokerView } from '../src/monitor/queues/look-at-broker.js';
import type { Facts } from '../src/monitor/watchdog/facts.js';
import type { HeardWorker } from '../src/monitor/workers/heard-worker.js';

export const noon = new Date('2026-01-01T12:00:00Z');

/** Before noon, as a Date. */
export const ago = (ms: number): Date => new Date(noon.getTime() - ms);

export const minutes = (count: number): number => count * 60_000;

/** A consumer that has nothing to do and nothing to complain of. */
export function aConsumer(queue: string, fields: Partial<ConsumerReport> = {}): ConsumerReport {
  return {
    queue,
    messageType: `${queue}.v1`,
    prefetch: 10,
    inHand: 0,
    handled: 0,
    duplicates: 0,
    retried: 0,
    deadLettered: 0,
    waitedMs: null,
    handlingMs: [],
    latencyMs: [],
    brake: null,
    ...fields,
  };
}

export function aBrake(fields: Partial<BrakeReport> = {}): BrakeReport {
  return {
    since: '2026-01-01T11:50:00.000Z',
    failures: 12,
    code: '57P01',
    class: 'QueryFailedError',
    message: 'terminating connection due to administrator command (db.internal:5432)',
    nextProbeAt: '2026-01-01T12:00:30.000Z',
    ...fields,
  };
}

/** A healthy process of ingest. */
export function aReport(fields: Partial<WorkerReported> = {}): WorkerReported {
  return {
    instance: 'ingest-1',
    service: 'ingest',
    version: '0.1.0',
    host: 'ingest-1',
    pid: 17,
    startedAt: '2026-01-01T10:00:00.000Z',
    reportedAt: '2026-01-01T12:00:00.000Z',
    everyMs: 5000,
    memory: { rssBytes: 150 * 1_048_576, heapUsedBytes: 60 * 1_048_576, limitBytes: null },
    eventLoop: { lagP50Ms: 0.5, lagP99Ms: 3, lagMaxMs: 12 },
    pool: { size: 20, inUse: 2, idle: 5, waiting: 0 },
    outbox: { pending: 0, oldestAgeMs: null },
    broker: { publishing: 'connected', consuming: 'connected' },
    consumers: [aConsumer('ingest.load-chunk')],
    ...fields,
  };
}

export function heard(fields: Partial<WorkerReported> = {}, ageMs = 1000): HeardWorker {
  return { report: aReport(fields), ageMs };
}

export function aGateway(fields: Partial<WorkerReported> = {}): HeardWorker {
  return heard({ instance: 'gateway-1', service: 'gateway', consumers: [], ...fields });
}

export function aBrokerQueue(name: string, fields: Partial<BrokerQueue> = {}): BrokerQueue {
  return {
    name,
    ready: 0,
    unacked: 0,
    consumers: 1,
    publishedPerS: 0,
    ackedPerS: 0,
    isExclusive: false,
    ...fields,
  };
}

export function aBrokerView(fields: Partial<BrokerView> = {}): BrokerView {
  return { managementDetail: null, queues: [], alarms: [], ...fields };
}

/** A system at noon in which all is well. */
export function someFacts(fields: Partial<Facts> = {}): Facts {
  return {
    now: noon,
    limits: { stalledAfterMs: minutes(15), retryHorizonMs: minutes(120), everyMs: 15_000 },
    workers: [aGateway(), heard()],
    memory: [],
    broker: aBrokerView(),
    imports: { count: 0, oldest: [] },
    emails: { count: 0, oldest: [] },
    outbox: { pending: 0, oldestAt: null, lastError: null },
    unrouted: [],
    replays: [],
    ...fields,
  };
}
