import { z } from 'zod';
import { hint, type PayloadOf } from '../message.js';

/** Counts by upper bound, not cumulative; only bounds that have counts are there. Milliseconds. */
export const Histogram = z.array(z.object({ upToMs: z.number(), count: z.int().min(1) }));
export type Histogram = z.output<typeof Histogram>;

/** Why a queue is not being worked on: everything in it fails alike. */
export const BrakeReport = z.object({
  since: z.iso.datetime(),
  /** Failures in a row, probes included. */
  failures: z.int().min(1),
  code: z.string(),
  class: z.string(),
  /** What failed, for people. */
  message: z.string(),
  nextProbeAt: z.iso.datetime(),
});
export type BrakeReport = z.output<typeof BrakeReport>;

/** One consumer: a queue, as one process sees it. Counts are since the start of the process. */
export const ConsumerReport = z.object({
  queue: z.string(),
  /** Null for the queues of last resort, which take everything. */
  messageType: z.string().nullable(),
  prefetch: z.int(),
  inHand: z.int(),
  handled: z.int(),
  duplicates: z.int(),
  retried: z.int(),
  deadLettered: z.int(),
  /**
   * The longest that a live message (first try, not replayed) of the last minute had waited from its
   * sending to its arrival here; null when none arrived.
   */
  waitedMs: z.number().nullable(),
  /** How long handling took, in the last five minutes. */
  handlingMs: Histogram,
  /** From the sending of a message to its being handled, retries included, in the last five minutes. */
  latencyMs: Histogram,
  brake: BrakeReport.nullable(),
});
export type ConsumerReport = z.output<typeof ConsumerReport>;

/**
 * Tells every gateway how a process of ours is doing, every few seconds and at once when a brake is
 * put on or let go.
 *
 * A process that is not heard of any more is shown as silent; nothing else depends on it.
 */
export const WorkerReported = hint(
  'messaging.worker-reported.v1',
  z.object({
    instance: z.string(),
    service: z.string(),
    version: z.string(),
    host: z.string(),
    pid: z.int(),
    startedAt: z.iso.datetime(),
    reportedAt: z.iso.datetime(),
    /** When the next report is due, at the latest, in milliseconds from this one. */
    everyMs: z.int(),
    memory: z.object({
      rssBytes: z.int(),
      heapUsedBytes: z.int(),
      /** Above it the process drains and ends; null when none is set. */
      limitBytes: z.int().nullable(),
    }),
    /** Of the time since the report before. */
    eventLoop: z.object({ lagP50Ms: z.number(), lagP99Ms: z.number(), lagMaxMs: z.number() }),
    pool: z.object({ size: z.int(), inUse: z.int(), idle: z.int(), waiting: z.int() }),
    /** Messages waiting for the broker; null when the database could not be asked. */
    outbox: z.object({ pending: z.int(), oldestAgeMs: z.number().nullable() }).nullable(),
    broker: z.object({ publishing: z.string(), consuming: z.string() }),
    consumers: z.array(ConsumerReport),
    /** It has drained and ends: nothing more will be heard of it, and that is as it should be. */
    isLast: z.boolean().optional(),
  }),
);
export type WorkerReported = PayloadOf<typeof WorkerReported>;
