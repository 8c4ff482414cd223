import type { FindingCode } from '@offload/contracts/http';
import type { BrokerView } from '../queues/look-at-broker.js';
import type { HeardWorker } from '../workers/heard-worker.js';

/** What the watchdog judges by: one look at everything. */
export interface Facts {
  /** By the database's clock. */
  now: Date;
  limits: Limits;
  /** Those that have not ended, also the silent ones. */
  workers: HeardWorker[];
  memory: MemoryTrend[];
  broker: BrokerView;
  imports: Unmoved;
  emails: Unmoved;
  /** Of the gateway. */
  outbox: OutboxFacts;
  unrouted: UnroutedMessages[];
  replays: PausedReplay[];
}

export interface Limits {
  /** Without a sign of life for so long, work counts as stalled. */
  stalledAfterMs: number;
  /** No retry waits longer than this, so what has given no sign for so long is not waiting for one. */
  retryHorizonMs: number;
  /** Between two looks. */
  everyMs: number;
}

/** Work of a kind that has not ended and gives no sign of life, the longest first, and how many in all. */
export interface Unmoved {
  count: number;
  oldest: UnmovedWork[];
}

export interface UnmovedWork {
  id: string;
  state: string;
  lastSignAt: Date;
}

export interface OutboxFacts {
  pending: number;
  oldestAt: Date | null;
  /** Why the oldest was not taken, when it was tried. */
  lastError: string | null;
}

/** Open dead letters of messages that no queue wanted. */
export interface UnroutedMessages {
  messageType: string;
  count: number;
  oldestAt: Date;
}

/** A replay that has paused by itself. */
export interface PausedReplay {
  id: string;
  incident: string;
  code: string;
  detail: string;
  pausedAt: Date;
}

/** How a process's memory has moved in the last hour, without its first minutes. */
export interface MemoryTrend {
  instance: string;
  /** From the first sample to the last. */
  spanMs: number;
  bytesPerHour: number;
  /** How much of the movement is that slope: 1 is a straight line, 0 is noise. */
  fit: number;
}

/** What a check has found. */
export interface Trouble {
  code: FindingCode;
  severity: 'warning' | 'critical';
  /** `<kind>:<id>`; the same trouble has the same subject in each look. */
  subject: string;
  detail: string;
  remedy: string;
  /** Told only when it was seen in every look of so long. (Default: 0, at once) */
  confirmAfterMs?: number;
}

/**
 * Finds one kind of trouble. Pure: the same facts give the same troubles. Undefined when the facts do not
 * tell; what was found before is then left as it is.
 */
export type Check = (facts: Facts) => Trouble[] | undefined;
