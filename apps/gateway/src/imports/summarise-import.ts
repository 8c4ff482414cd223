import { type ImportOutcome, summariseImport } from '@offload/contracts';
import type { ImportState } from '@offload/contracts/http';
import type { ImportRow } from './import-row.js';

type Summarised = Pick<
  ImportRow,
  | 'state'
  | 'fileName'
  | 'dataset'
  | 'options'
  | 'rowsLoaded'
  | 'rowsRejected'
  | 'rowsCreated'
  | 'rowsUpdated'
  | 'rowsUnchanged'
  | 'rowsSkipped'
  | 'rejections'
  | 'problemDetail'
  | 'reverted'
>;

/** One sentence for people about an import that has ended or waits for review; null before. */
export function summarise(run: Summarised): string | null {
  const outcome = outcomes[run.state];
  if (outcome === undefined) return null;
  return summariseImport({
    ...run,
    outcome,
    mode: run.options.mode,
    dryRun: run.options.dryRun,
    failure: run.problemDetail ?? undefined,
    reverted: run.reverted ?? undefined,
  });
}

const outcomes: Partial<Record<ImportState, ImportOutcome['outcome']>> = {
  awaiting_review: 'held',
  completed: 'completed',
  completed_with_errors: 'completed',
  failed: 'failed',
  canceled: 'canceled',
  reverted: 'reverted',
};
