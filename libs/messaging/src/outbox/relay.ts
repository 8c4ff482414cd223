import { describeError } from '@offload/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { Publisher } from '../amqp/publisher.js';
import type { WireMessage, WireProperties } from '../amqp/wire.js';

export interface RelayOptions {
  /** Messages published before their confirms are awaited. (Default: 100) */
  window?: number;
  /** Longest rest between two looks at the outbox, in milliseconds. (Default: 1000) */
  pollMs?: number;
  /** Told of every batch, and of failures to read the outbox. */
  onBatch?: (batch: RelayBatch) => void;
  onError?: (error: unknown) => void;
}

export interface RelayBatch {
  sent: number;
  /** Refused by the broker or not routable; they wait for their next turn. */
  failed: number;
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
 */
export class Relay {
  private isRunning = false;
  private isNudged = false;
  private wake: (() => void) | undefined;
  private loop: Promise<void> | undefined;
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

  /** Ends after the batch in hand. What is still pending is sent by another replica or after the next start. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.wake?.();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      this.isNudged = false;
      const taken = await this.moveBatch();
      if (taken < this.window && !this.isNudged) await this.rest();
    }
  }

  /** Answers how many messages were taken, and zero when the broker took none; less than a window is a reason to rest. */
  private async moveBatch(): Promise<number> {
    if (!this.publisher.isOpen) return 0;
    try {
      const batch = await this.dataSource.transaction((tx) => this.publishPending(tx));
      if (batch.sent + batch.failed > 0) this.options.onBatch?.(batch);
      return batch.sent > 0 ? batch.sent + batch.failed : 0;
    } catch (error) {
      this.options.onError?.(error);
      return 0;
    }
  }

  private async publishPending(tx: EntityManager): Promise<RelayBatch> {
    const rows: PendingRow[] = await tx.query(
      `select id, message_id, exchange, routing_key, properties, headers, body
         from outbox_message
        where sent_at is null and available_at <= now()
        order by available_at, id
        limit $1
        for update skip locked`,
      [this.window],
    );
    if (rows.length === 0) return { sent: 0, failed: 0, error: undefined };

    const results = await Promise.allSettled(
      rows.map((row) => this.publisher.publish(toWire(row))),
    );
    const sent: string[] = [];
    const failed: string[] = [];
    let error: unknown;
    results.forEach((result, index) => {
      const id = rows[index]?.id ?? '';
      if (result.status === 'fulfilled') sent.push(id);
      else {
        failed.push(id);
        error = result.reason;
      }
    });
    if (sent.length > 0) await markSent(tx, sent);
    if (failed.length > 0) await postpone(tx, failed, describeError(error).message);
    return { sent: sent.length, failed: failed.length, error };
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

interface PendingRow {
  id: string;
  message_id: string;
  exchange: string;
  routing_key: string;
  properties: WireProperties;
  headers: Record<string, unknown>;
  body: Buffer;
}

function toWire(row: PendingRow): WireMessage {
  return {
    exchange: row.exchange,
    routingKey: row.routing_key,
    messageId: row.message_id,
    properties: row.properties,
    headers: row.headers,
    body: row.body,
  };
}

/** And lets the commit of this transaction go on before it is on the disk. */
async function markSent(tx: EntityManager, ids: string[]): Promise<void> {
  await tx.query(
    `with unhurried as (select set_config('synchronous_commit', 'off', true))
     update outbox_message set sent_at = now() from unhurried where id = any($1::bigint[])`,
    [ids],
  );
}

/** Doubles the wait from one second to a minute. */
async function postpone(tx: EntityManager, ids: string[], reason: string): Promise<void> {
  await tx.query(
    `update outbox_message
        set failures = failures + 1,
            last_error = $2,
            available_at = clock_timestamp() + least(60, power(2, least(failures, 6))) * interval '1 second'
      where id = any($1::bigint[])`,
    [ids, reason],
  );
}
