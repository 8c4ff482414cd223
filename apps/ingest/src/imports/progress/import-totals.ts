import type { ImportPhase, ImportTotals } from '@offload/contracts';
import type { ImportRun } from '../import-run.entity.js';
import type { LedgerTotals } from './import-ledger.js';

/**
 * How far an import has come and what has become of its rows, from what is committed. A phase that has not begun has a
 * bar too, where it is known that it will come.
 */
export function importTotals(run: ImportRun, ledger: LedgerTotals): ImportTotals {
  const size = run.plain?.size ?? run.file?.size ?? 0;
  const isLoaded = ['completed', 'reverting', 'reverted', 'fixing'].includes(run.state);
  const bytesDone = isLoaded ? size : Math.min(run.dataFrom + ledger.bytes, size);
  const { rejected, loaded } = rowsOf(ledger);
  const { removed = 0, restored = 0 } = run.undo ?? {};
  const { merge, fixes } = ledger;
  const isDirect = run.plan?.sink === 'direct';
  return {
    bytesDone,
    bytesTotal: size,
    rowsLoaded: Math.max(0, loaded - removed - restored),
    rowsRejected: rejected,
    rowsCreated: Math.max(0, (isDirect ? ledger.loaded : merge.created) + fixes.created - removed),
    rowsUpdated: Math.max(0, merge.updated + fixes.updated - restored),
    rowsUnchanged: merge.unchanged + fixes.unchanged,
    rowsSkipped: merge.skipped + fixes.skipped,
    phases: phasesOf(run, ledger, { bytesDone, size }),
  };
}

/** Good rows and bad ones, all phases together. */
export function rowsOf({ loaded, rejected, merge, fixes }: LedgerTotals): {
  loaded: number;
  rejected: number;
} {
  return {
    loaded: loaded - merge.rejected + fixes.fixed,
    rejected: rejected + merge.rejected - fixes.fixed,
  };
}

function phasesOf(
  run: ImportRun,
  { loaded, merge }: LedgerTotals,
  { bytesDone, size }: { bytesDone: number; size: number },
): ImportPhase[] {
  const phases: ImportPhase[] = [];
  if (run.plain && run.file) {
    const { size: bytes } = run.file;
    phases.push({ name: 'converting', done: bytes, total: bytes, unit: 'bytes' });
  }
  phases.push({ name: 'loading', done: bytesDone, total: size, unit: 'bytes' });
  if (run.plan?.sink === 'merge') {
    const total = merge.parts > 0 ? merge.rows : loaded;
    phases.push({ name: 'merging', done: merge.rowsDone, total, unit: 'rows' });
  }
  if (run.plan?.sink === 'replace') {
    phases.push({ name: 'merging', done: merge.partsDone, total: merge.parts, unit: 'parts' });
  }
  if (run.undo) {
    const { removed, restored, kept, total } = run.undo;
    phases.push({ name: 'reverting', done: removed + restored + kept, total, unit: 'rows' });
  }
  return phases;
}
