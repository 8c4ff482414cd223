import type { EntityManager } from 'typeorm';
import { UploadLocked } from '../tus/tus.errors.js';

/** Why a holder is to stop. */
export type StopReason = 'wanted' | 'lost' | 'shutdown';

/**
 * The right to write to one upload, for as long as it is refreshed.
 *
 * Whoever holds it looks at `isLive` before each write, and ends it in the transaction that writes down how
 * far the upload has come: so the number in the row is that of the last holder, and of nobody else.
 */
export class UploadLease {
  private readonly stopping = new AbortController();
  private liveUntil = 0;
  private isAbandoned = false;
  /** Resolves when it has been given back. */
  readonly ended: Promise<void>;
  private resolveEnded: () => void = () => undefined;

  constructor(
    readonly uploadId: string,
    readonly holder: string,
    private readonly giveBack: (lease: UploadLease) => void,
  ) {
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
  }

  /** Aborted when it is to be given back. */
  get stop(): AbortSignal {
    return this.stopping.signal;
  }

  get stopReason(): StopReason | undefined {
    return this.stop.aborted ? (this.stop.reason as StopReason) : undefined;
  }

  /** By the clock of this process, which begins to count before the database does. */
  get isLive(): boolean {
    return performance.now() < this.liveUntil;
  }

  extendTo(monotonicMs: number): void {
    this.liveUntil = monotonicMs;
  }

  askToStop(reason: StopReason): void {
    this.stopping.abort(reason);
  }

  /**
   * What the holder before had left over is written down with this transaction. Throws UploadLocked when
   * another has taken it over.
   */
  async settleLeftOver(tx: EntityManager, { isChecked }: { isChecked: boolean }): Promise<void> {
    const [, settled]: [unknown, number] = await tx.query(
      'update upload_lease set takes = 1, is_checked = $3 where upload_id = $1 and holder = $2',
      [this.uploadId, this.holder, isChecked],
    );
    if (settled === 0) throw new UploadLocked();
  }

  /** Ends it as part of the transaction. Throws UploadLocked when another has taken it over. */
  async end(tx: EntityManager): Promise<void> {
    const [, ended]: [unknown, number] = await tx.query(
      'delete from upload_lease where upload_id = $1 and holder = $2',
      [this.uploadId, this.holder],
    );
    if (ended === 0) throw new UploadLocked();
  }

  /** Gives it back: what is written down of the upload is right. Safe after `end`, and no more after `abandon`. */
  async release(tx: EntityManager): Promise<void> {
    if (this.isAbandoned) return;
    await tx.query('delete from upload_lease where upload_id = $1 and holder = $2', [
      this.uploadId,
      this.holder,
    ]);
  }

  /** Lets it run out at once, as if the process had died: whoever comes next looks what there is. Safe after `end`. */
  async abandon(tx: EntityManager): Promise<void> {
    this.isAbandoned = true;
    await tx.query(
      `update upload_lease set expires_at = '-infinity' where upload_id = $1 and holder = $2`,
      [this.uploadId, this.holder],
    );
  }

  /** This process does not refresh it any more. */
  letGo(): void {
    this.giveBack(this);
    this.resolveEnded();
  }
}
