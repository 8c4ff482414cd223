import { type Envelope, ImportProgressed } from '@offload/contracts';
import { contextOf, storeOutgoing } from '@offload/messaging';
import type { DataSource } from 'typeorm';
import { findRun } from '../progress/lock-run.js';
import type { Watch } from './convert-file.js';

/** Between two looks at the import, in milliseconds. */
const lookEveryMs = 500;

/**
 * Tells how far the conversion of a file has come, in short transactions of its own: the delivery's own ends only when
 * everything is done, and must not hold the import meanwhile.
 */
export class WatchConversion implements Watch {
  private done = 0;
  private lookedAt = performance.now();

  constructor(
    private readonly dataSource: DataSource,
    private readonly importId: string,
    private readonly envelope: Envelope,
  ) {}

  async read(bytes: number): Promise<boolean> {
    this.done += bytes;
    if (performance.now() - this.lookedAt < lookEveryMs) return true;
    this.lookedAt = performance.now();
    return this.look();
  }

  /** Answers false when the import is not to be converted any more. */
  private look(): Promise<boolean> {
    return this.dataSource.transaction(async (own) => {
      const run = await findRun(own, this.importId);
      if (run?.state !== 'converting') return false;
      const total = run.file?.size ?? 0;
      const done = Math.min(this.done, total);
      const progressed = ImportProgressed({
        importId: this.importId,
        sequence: run.nextSequence(new Date()),
        bytesDone: 0,
        bytesTotal: total,
        rowsLoaded: 0,
        rowsRejected: 0,
        phases: [
          { name: 'converting', done, total, unit: 'bytes' },
          { name: 'loading', done: 0, total: 0, unit: 'bytes' },
        ],
      });
      await own.save(run);
      await storeOutgoing(own, [progressed], contextOf(this.envelope, 'ingest'));
      return true;
    });
  }
}
