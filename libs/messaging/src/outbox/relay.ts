import { describeError } from '@offload/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { NotConfirmed, type Publisher, Unroutable } from '../amqp/publisher.js';
import {
  type Failed,
  lockPending,
  markSent,
  type PendingRow,
  postpone,
  toWire,
} from './pending-rows.js';
import { publishTraced } from './publish-traced.js';

export interface RelayOptions {
  /** Messages published before their confirms are awaited. (Default: 100) */
  window?: number;
  /** Longest rest between two looks at the outbox, in milliseconds. (Default: 1000) */
  pollMs?: number;
  /** Told of every batch, and of failures to read the outbox. */
  onBatch?: (batch: RelayBatch) => void;
  onError?: (error: unknown) => void;
}

/** What has become of the messages of one batch, after the commit that notes it. */
export interface RelayBatch {
  sent: number;
  /** Refused by the broker or not routable; they wait for their next turn. */
  failed: number;
  /** Those of the failed that no queue takes. */
  returned: number;
  /** How long the broker took to confirm each of the sent, in milliseconds. */
  confirmMs: readonly number[];
  error: unknown;
}

/**
 * Moves messages from the outbox to the broker.
 *
 * 1. A commit in this process nudges it; otherwise it looks once a second.
 * 2. It locks the oldest pending rows, skipping those that another replica has locked. Rows are
 *    chosen by being pending, never by an id above the last one seen: ids commit out of order.
 * 3. It publishes them all and waits for their confirms.
 * 4. Confirmed and routed rows are marked sent; the others get a later turn and a reason.
 * 5. It commits, which gives the locks back. If it dies before, the rows are still pending and are
 *    published again; the inbox of the receiver makes that harmless. For the same reason this commit
 *    need not wait for the disk.
 * 6. A full batch is followed by the next at once.
 * 7. A row that has failed several times is a suspect: the broker closes the channel over an exchange that
 *    is not there, and with it fail all that wait for their confirms beside it. So suspects are published
 *    one after the other, after the others and once a second, until one is not confirmed.
 */
export class Relay {
  private isRunning = false;
  private isNudged = false;
  private wake: (() => void) | undefined;
  private loop: Promise<void> | undefined;
  private suspectsDueAt = 0;
  private readonly window: number;
  private readonly pollMs: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
    private readonly options: RelayOptions = {},
  ) {
    this.window = options.window ?? 100;
    this.pollMs = options.pollMs ?? 1000;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.loop = this.run();
  }

  /** Something was committed: look at once. Safe to call at any time. */
  nudge(): void {
    this.isNudged = true;
    this.wake?.();
  }

  /**
   * Ends when nothing is pending, at the latest after a few seconds, or as soon as the broker takes nothing. What is then
   * left is sent by another replica or after the next start.
   */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.wake?.();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      this.isNudged = false;
      const taken = await this.moveBatch((tx) => this.publishPending(tx));
      const isFull = taken >= this.window;
      const areMoreSuspects = await this.moveSuspects();
      if (!isFull && !areMoreSuspects && !this.isNudged) await this.rest();
    }
    const giveUpAt = performance.now() + lastRoundsMs;
    while (performance.now() < giveUpAt) {
      if ((await this.moveBatch((tx) => this.publishPending(tx))) === 0) return;
    }
  }

  /** Answers whether there may be more that can go at once. */
  private async moveSuspects(): Promise<boolean> {
    if (performance.now() < this.suspectsDueAt) return false;
    const taken = await this.moveBatch((tx) => this.publishSuspects(tx));
    if (taken >= mostSuspects) return true;
    this.suspectsDueAt = performance.now() + this.pollMs;
    return false;
  }

  /** Answers how many messages were taken, and zero when the broker took none; less than a window is a reason to rest. */
  private async moveBatch(publish: (tx: EntityManager) => Promise<RelayBatch>): Promise<number> {
    if (!this.publisher.isOpen) return 0;
    try {
      const batch = await this.dataSource.transaction(publish);
      if (batch.sent + batch.failed > 0) this.options.onBatch?.(batch);
      return batch.sent > 0 ? batch.sent + batch.failed : 0;
    } catch (error) {
      this.options.onError?.(error);
      return 0;
    }
  }

  private async publishPending(tx: EntityManager): Promise<RelayBatch> {
    const rows = await lockPending(tx, `failures < ${suspectAfter}`, this.window);
    if (rows.length === 0) return nothing;
    const results = await Promise.allSettled(rows.map((row) => this.publish(row)));
    return noteResults(tx, rows, results);
  }

  private async publishSuspects(tx: EntityManager): Promise<RelayBatch> {
    const rows = await lockPending(tx, `failures >= ${suspectAfter}`, mostSuspects);
    if (rows.length === 0) return nothing;
    const results: PromiseSettledResult<number>[] = [];
    for (const row of rows) {
      const [result] = await Promise.allSettled([this.publish(row)]);
      results.push(result);
      // It may have been what closes the channel; what comes after it must not look like that too.
      if (result.status === 'rejected' && result.reason instanceof NotConfirmed) break;
    }
    return noteResults(tx, rows, results);
  }

  /** Answers how long the broker took to confirm it, in milliseconds. */
  private async publish(row: PendingRow): Promise<number> {
    const startedAt = performance.now();
    await publishTraced(this.publisher, toWire(row));
    return performance.now() - startedAt;
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, this.pollMs);
      this.wake = done;
      if (!this.isRunning) done();
    });
  }
}

/** How long a relay that is to end goes on while there is something to send, in milliseconds. */
const lastRoundsMs = 3000;

/** Failures after which a row is a suspect. */
const suspectAfter = 3;

/** Suspects published before the others have their turn again. */
const mostSuspects = 20;

const nothing: RelayBatch = { sent: 0, failed: 0, returned: 0, confirmMs: [], error: undefined };

/** The results are those of the first rows; what has none stays as it is. */
async function noteResults(
  tx: EntityManager,
  rows: readonly PendingRow[],
  results: readonly PromiseSettledResult<number>[],
): Promise<RelayBatch> {
  const sent: string[] = [];
  const failed: Failed[] = [];
  const confirmMs: number[] = [];
  let returned = 0;
  let error: unknown;
  results.forEach((result, index) => {
    const id = rows[index]?.id ?? '';
    if (result.status === 'fulfilled') {
      sent.push(id);
      confirmMs.push(result.value);
    } else {
      error = result.reason;
      if (error instanceof Unroutable) returned += 1;
      failed.push({ id, reason: describeError(error).message });
    }
  });
  if (sent.length > 0) await markSent(tx, sent);
  if (failed.length > 0) await postpone(tx, failed);
  return { sent: sent.length, failed: failed.length, returned, confirmMs, error };
}
