import type { RowCounts } from '../progress/import-ledger.js';

/** What handlers note of an import (see `note`), to be counted when it is committed. */

/** A chunk is loaded, straight into the dataset or beside it. */
export class ChunkLoaded {
  constructor(
    readonly chunk: {
      bytes: number;
      path: 'copied' | 'read';
      stored: number;
      setAside: number;
      rejected: number;
    },
  ) {}
}

/** Rows that were set aside have been taken over, or were not. */
export class RowsMerged {
  constructor(readonly rows: RowCounts & { rejected: number }) {}
}

/** An import has left one state for another. */
export class PhaseOver {
  constructor(
    readonly phase: string,
    readonly durationMs: number,
  ) {}
}
