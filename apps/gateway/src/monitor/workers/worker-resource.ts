import type { BrakeReport, ConsumerReport } from '@offload/contracts';
import type { MonitorBrake, MonitorWorker } from '@offload/contracts/http';
import { type HeardWorker, isSilent } from './heard-worker.js';

/** What operators see of a process. */
export function workerResource(worker: HeardWorker, now: Date): MonitorWorker {
  const { report, ageMs } = worker;
  const { memory, eventLoop, pool, outbox, consumers } = report;
  return {
    instance: report.instance,
    service: report.service,
    version: report.version,
    host: report.host,
    pid: report.pid,
    state: isSilent(worker) ? 'silent' : 'up',
    started_at: report.startedAt,
    // By our clock, as the state is: the process's own may be wrong.
    reported_at: new Date(now.getTime() - ageMs).toISOString(),
    memory: {
      rss_bytes: memory.rssBytes,
      heap_used_bytes: memory.heapUsedBytes,
      limit_bytes: memory.limitBytes,
    },
    loop_lag_ms: { p50: eventLoop.lagP50Ms, p99: eventLoop.lagP99Ms, max: eventLoop.lagMaxMs },
    pool: { size: pool.size, in_use: pool.inUse, idle: pool.idle, waiting: pool.waiting },
    outbox: outbox && {
      pending: outbox.pending,
      oldest_age_s: outbox.oldestAgeMs === null ? null : outbox.oldestAgeMs / 1000,
    },
    broker: report.broker,
    in_hand: sum(consumers, ({ inHand }) => inHand),
    handled: sum(consumers, ({ handled }) => handled),
    duplicates: sum(consumers, ({ duplicates }) => duplicates),
    retried: sum(consumers, ({ retried }) => retried),
    dead_lettered: sum(consumers, ({ deadLettered }) => deadLettered),
    queues: consumers.map((consumer) => ({
      name: consumer.queue,
      in_hand: consumer.inHand,
      handled: consumer.handled,
      retried: consumer.retried,
      dead_lettered: consumer.deadLettered,
      brake: consumer.brake && brakeResource(report.instance, consumer.brake),
    })),
  };
}

export function brakeResource(instance: string, brake: BrakeReport): MonitorBrake {
  const { since, failures, code, message, nextProbeAt } = brake;
  return { instance, since, failures, code, detail: message, next_probe_at: nextProbeAt };
}

function sum(consumers: readonly ConsumerReport[], of: (consumer: ConsumerReport) => number) {
  return consumers.reduce((total, consumer) => total + of(consumer), 0);
}
