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
 * them are there. Before somebody has confirmed them, and in a dry run, that is only tried.
 */
export function runningState({
  standing,
  phases,
  options,
}: Pick<ImportRow, 'standing' | 'phases' | 'options'>): ImportState {
  if (standing === 'reverting' || standing === 'finalizing') return standing;
  const merging = phases.find(({ name }) => name === 'merging');
  const loading = phases.find(({ name }) => name === 'loading');
  if (!merging || options.dryRun || options.holdForReview) return 'loading';
  const isLoaded = loading !== undefined && loading.total > 0 && loading.done >= loading.total;
  return merging.done > 0 || isLoaded ? 'finalizing' : 'loading';
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
  failed: () => ['retry'],
};

/** What was asked and never taken up can be asked again; what was taken up is sent on its way once more by a retry. */
function whileInterrupted({ standing, lastAction }: Judged): ImportAction[] {
  if (hasEnded(standing)) return lastAction?.outcome === 'pending' ? [lastAction.action] : [];
  if (standing === 'reverting') return ['retry'];
  return standing === 'awaiting_review' ? ['confirm', 'cancel'] : ['retry', 'cancel'];
}

function fixOf({ options, rowsRejected }: Judged): ImportAction[] {
  return rowsRejected > 0 && !options.dryRun ? ['fix'] : [];
}

/** There is something to undo: rows that it has stored, or rows that it has put its own in the place of. One that has failed leaves nothing. */
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
