import { ActionRefused, type Outgoing } from '@offload/contracts';
import type { ImportRun, RunState } from '../import-run.entity.js';

/** Why something that was asked of an import cannot be done. */
export interface Refusal {
  code: string;
  /** A sentence for people. */
  message: string;
}

export function refuseAction(
  importId: string,
  action: ActionRefused['action'],
  { code, message }: Refusal,
): Outgoing {
  return ActionRefused({ importId, action, code, message, refusedAt: new Date().toISOString() });
}

/** The import is in a state in which this cannot be asked of it. */
export function refuseInState(
  { importId, state }: ImportRun,
  action: ActionRefused['action'],
): Outgoing {
  return refuseAction(importId, action, {
    code: 'invalid_state',
    message: `The import ${STATES[state]}; it cannot be ${DONE[action]}.`,
  });
}

/** For an import that was never begun here. */
export function refuseUnknown(importId: string, action: ActionRefused['action']): Outgoing {
  return refuseAction(importId, action, {
    code: 'not_started',
    message:
      'The import has not begun yet. If it does not begin, its first message waits as a dead letter: replay that.',
  });
}

const STATES: Record<RunState, string> = {
  converting: 'is being read',
  waiting: 'waits for another import into the same dataset',
  loading: 'is being loaded',
  counting: 'is being tried out',
  held: 'waits for somebody to confirm it',
  merging: 'is being merged',
  fixing: 'is being fixed',
  canceling: 'is being canceled',
  reverting: 'is being taken back',
  completed: 'has completed',
  failed: 'has failed',
  canceled: 'was canceled',
  reverted: 'was reverted',
};

const DONE: Record<ActionRefused['action'], string> = {
  confirm: 'confirmed',
  cancel: 'canceled',
  retry: 'retried',
  fix: 'fixed',
  revert: 'reverted',
};
