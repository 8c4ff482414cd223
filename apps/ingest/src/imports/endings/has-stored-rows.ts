import type { ImportRun, RunState } from '../import-run.entity.js';
import type { LedgerTotals } from '../progress/import-ledger.js';

/** Tells whether the dataset has rows of an import that was interrupted in a state. */
export function hasStoredRows(
  { plan }: Pick<ImportRun, 'plan'>,
  state: RunState,
  { loaded, merge }: LedgerTotals,
): boolean {
  if (plan?.sink === 'direct') return loaded > 0;
  const isMerging = plan?.sink === 'merge' && state === 'merging';
  return isMerging && merge.created + merge.updated > 0;
}
