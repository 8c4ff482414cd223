import type { ImportAction, ImportState } from '@offload/contracts/http';
import type { ImportRow } from './import-row.js';

/** Nothing more happens by itself, and nothing is asked of it that is not answered. */
export function hasEnded(state: ImportState): boolean {
  return ended.has(state);
}

/** It has ended, or waits until a person has looked at it. */
export function isAtRest(state: ImportState): boolean {
  return hasEnded(state) || state === 'awaiting_review';
}

/** What is shown from the moment when something is asked, until ingest answers. */
export const whileAsked: Record<ImportAction, ImportState> = {
  confirm: 'finalizing',
  cancel: 'canceling',
  retry: 'queued',
  fix: 'queued',
  revert: 'reverting',
};

/**
 * What an import that works is doing, from its phases: rows that were set aside are taken over when all of
 * them are there and nobody has to look at them first.
 */
export function runningState({
  standing,
  phases,
  options,
}: Pick<ImportRow, 'standing' | 'phases' | 'options'>): ImportState {
  if (standing === 'reverting' || standing === 'finalizing') return standing;
  const merging = phases.find(({ name }) => name === 'merging');
  const loading = phases.find(({ name }) => name === 'loading');
  if (!merging) return 'loading';
  const isLoaded = loading !== undefined && loading.total > 0 && loading.done >= loading.total;
  return merging.done > 0 || (isLoaded && !options.holdForReview) ? 'finalizing' : 'loading';
}

type Judged = Pick<
  ImportRow,
  'state' | 'standing' | 'options' | 'lastAction' | 'rowsCreated' | 'rowsUpdated' | 'rowsRejected'
>;

/** What can be asked of an import as it is. */
export function allowedActions(run: Judged): ImportAction[] {
  return allowedIn[run.state](run);
}

const allowedIn: Record<ImportState, (run: Judged) => ImportAction[]> = {
  queued: () => ['cancel'],
  loading: () => ['cancel'],
  awaiting_review: () => ['confirm', 'cancel'],
  finalizing: () => ['cancel'],
  canceling: () => [],
  canceled: (run) => ['retry', ...revertOf(run)],
  reverting: () => [],
  reverted: () => [],
  interrupted: whileInterrupted,
  completed: revertOf,
  completed_with_errors: (run) => [...fixOf(run), ...revertOf(run)],
  failed: (run) => ['retry', ...revertOf(run)],
};

/** What was asked and became a dead letter can be asked again; else what its standing allows, or a retry. */
function whileInterrupted({ standing, lastAction }: Judged): ImportAction[] {
  const asked = lastAction?.outcome === 'pending' ? [lastAction.action] : [];
  if (hasEnded(standing)) return asked;
  if (standing === 'reverting') return ['revert'];
  if (standing === 'awaiting_review') return ['confirm', 'cancel'];
  return asked.includes('cancel') ? ['cancel'] : ['retry', 'cancel'];
}

function fixOf({ options, rowsRejected }: Judged): ImportAction[] {
  return rowsRejected > 0 && !options.dryRun ? ['fix'] : [];
}

/** There is something to undo: rows that it has stored, or rows that it has put its own in the place of. */
function revertOf({ state, options, rowsCreated, rowsUpdated }: Judged): ImportAction[] {
  if (options.dryRun) return [];
  const hasReplaced = options.mode === 'replace' && state.startsWith('completed');
  return rowsCreated + rowsUpdated > 0 || hasReplaced ? ['revert'] : [];
}

const ended: ReadonlySet<ImportState> = new Set([
  'completed',
  'completed_with_errors',
  'failed',
  'canceled',
  'reverted',
]);
