import type { ImportAction, ImportResource, ImportState } from '@offload/contracts/http';
import { CliError, EndedBadly, exitCodes } from '../exit-codes.js';

const endings: readonly ImportState[] = [
  'completed',
  'completed_with_errors',
  'failed',
  'canceled',
  'reverted',
];

/** Nothing more happens by itself. An interrupted import goes on when an operator replays its dead letter. */
export function isAtRest({ state }: Pick<ImportResource, 'state'>): boolean {
  return endings.includes(state) || state === 'awaiting_review';
}

/** What an import has come to that was only asked to be done. */
const usual: readonly ImportState[] = ['completed', 'completed_with_errors'];

/** What it comes to when what was asked of it is done. */
const wanted: Record<ImportAction, readonly ImportState[]> = {
  confirm: usual,
  cancel: ['canceled'],
  retry: usual,
  fix: usual,
  revert: ['reverted'],
};

/**
 * Throws EndedBadly unless it has come to what was wanted, and a CliError while a person has to decide;
 * rejected rows are no failure. `action` is what was asked of it by this command.
 */
export function judgeImport(run: ImportResource, action?: ImportAction): void {
  const { state, last_action: asked } = run;
  if (action !== undefined && asked?.action === action && asked.outcome === 'refused') {
    throw new EndedBadly(
      `Refused: ${asked.detail ?? 'no reason was given.'} It is ${words(state)}.`,
    );
  }
  if (state === 'failed') {
    throw new EndedBadly(`Failed: ${run.problem?.detail ?? 'no reason was given.'}`);
  }
  if (state === 'awaiting_review') {
    throw new CliError(exitCodes.paused, 'It waits for review: confirm it, or cancel it.');
  }
  const isWanted = (action === undefined ? usual : wanted[action]).includes(state);
  if (!isWanted && isAtRest(run)) throw new EndedBadly(`It is ${words(state)}.`);
}

function words(state: ImportState): string {
  return state.replaceAll('_', ' ');
}
