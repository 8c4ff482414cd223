import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Shutdown } from '@offload/platform';
import { DataSource } from 'typeorm';
import { NotFound } from '../../http/request-parts.js';
import { UploadLocked } from '../tus/tus.errors.js';
import { UploadLease } from './upload-lease.js';

/** How long a lease lasts without a sign of life: so long an upload waits whose process was killed. */
const leaseS = 10;
const refreshEveryMs = 1000;
/** Longer than a lease: that of a dead process runs out meanwhile. */
const patienceMs = 15_000;
const lookAgainMs = 100;

/** What a lease was taken over with. */
export interface TakenLease {
  lease: UploadLease;
  /**
   * The one before ended without a word, so what the storage holds may be more than is written down.
   * `unchecked`: what is more of it may be wrong.
   */
  leftOver: 'nothing' | 'bytes' | 'unchecked';
}

/**
 * Lets one request at a time write to an upload, over all replicas; the newest wins.
 *
 * 1. A lease is a row with a holder and a time; this process refreshes all of its own once a second.
 * 2. Who finds it taken asks the holder to stop: in this process at once, elsewhere by a mark in the row,
 *    which the refresh reads. The holder stores what it has, writes down the offset and gives it back.
 * 3. A holder that has died, or cannot reach the database, loses it when the time is over. By its own clock
 *    it stops before that, so two never write. (A process that was frozen in the middle of a write can still
 *    finish that one; the size of the file gives it away, see store-piece.ts.)
 */
@Injectable()
export class UploadLeases implements OnModuleDestroy {
  private readonly logger = new Logger('Uploads');
  private readonly held = new Map<string, UploadLease>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly shutdown: Shutdown,
  ) {
    shutdown.ending.addEventListener('abort', () => this.stopAll(), { once: true });
  }

  onModuleDestroy(): void {
    this.stopAll();
  }

  /**
   * Waits for whoever holds it to stop. Throws UploadLocked when that takes too long, and NotFound when the
   * upload is not there any more. `letGo` of it in any case.
   */
  async take(uploadId: string, { isChecked }: { isChecked: boolean }): Promise<TakenLease> {
    const givenUpAt = performance.now() + patienceMs;
    for (;;) {
      const taken = await this.tryTake(uploadId, isChecked);
      if (taken) return taken;
      if (performance.now() > givenUpAt) throw new UploadLocked();
      await this.askHolder(uploadId);
    }
  }

  /** Whether somebody writes to it, or has died while writing. */
  async isTaken(uploadId: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      'select from upload_lease where upload_id = $1',
      [uploadId],
    );
    return rows.length > 0;
  }

  /** The requests that are running end soon, and their clients go on with another replica. */
  private stopAll(): void {
    for (const lease of this.held.values()) lease.askToStop('shutdown');
  }

  private async tryTake(uploadId: string, isChecked: boolean): Promise<TakenLease | undefined> {
    const lease = new UploadLease(uploadId, randomUUID(), (one) => this.forget(one));
    lease.extendTo(performance.now() + leaseS * 1000);
    const [row]: { takes: number; is_checked: boolean }[] = await this.dataSource
      .query(
        `insert into upload_lease (upload_id, holder, expires_at, is_checked)
         values ($1, $2, now() + $3 * interval '1 second', $4)
         on conflict (upload_id) do update
           set holder = excluded.holder, expires_at = excluded.expires_at, wanted_at = null,
               takes = upload_lease.takes + 1
           where upload_lease.expires_at < now()
         returning takes, is_checked`,
        [uploadId, lease.holder, leaseS, isChecked],
      )
      .catch((error: unknown) => {
        throw isForeignKeyViolation(error) ? new NotFound('upload', uploadId) : error;
      });
    if (!row) return undefined;
    this.held.set(uploadId, lease);
    if (this.shutdown.ending.aborted) lease.askToStop('shutdown');
    this.timer ??= setInterval(() => void this.refresh(), refreshEveryMs);
    if (row.takes === 1) return { lease, leftOver: 'nothing' };
    return { lease, leftOver: row.is_checked ? 'unchecked' : 'bytes' };
  }

  private async askHolder(uploadId: string): Promise<void> {
    const ours = this.held.get(uploadId);
    if (ours) {
      ours.askToStop('wanted');
      await Promise.race([ours.ended, pause(lookAgainMs)]);
      return;
    }
    await this.dataSource.query(
      'update upload_lease set wanted_at = now() where upload_id = $1 and wanted_at is null',
      [uploadId],
    );
    await pause(lookAgainMs);
  }

  private async refresh(): Promise<void> {
    const leases = [...this.held.values()];
    const beganAt = performance.now();
    try {
      const [rows]: [{ holder: string; is_wanted: boolean }[], number] =
        await this.dataSource.query(
          `update upload_lease set expires_at = now() + $2 * interval '1 second'
            where holder = any($1::uuid[]) and expires_at > '-infinity'
        returning holder, wanted_at is not null as is_wanted`,
          [leases.map(({ holder }) => holder), leaseS],
        );
      const wanted = new Map(rows.map(({ holder, is_wanted }) => [holder, is_wanted]));
      for (const lease of leases) {
        const isWanted = wanted.get(lease.holder);
        if (isWanted === undefined) lease.askToStop('lost');
        else lease.extendTo(beganAt + leaseS * 1000);
        if (isWanted) lease.askToStop('wanted');
      }
    } catch (error) {
      // The leases run out by themselves when this goes on.
      this.logger.warn({ event: 'upload-leases-not-refreshed', err: error });
    }
  }

  private forget(lease: UploadLease): void {
    if (this.held.get(lease.uploadId) === lease) this.held.delete(lease.uploadId);
    if (this.held.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** SQLSTATE 23503: the upload was removed meanwhile. */
function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23503';
}
