import type { ImportAction } from '@offload/contracts/http';
import { AppError } from '@offload/platform';
import type { ImportRow } from './import-row.js';

/** The import is not where this can be asked of it. */
export class ImportStateRefuses extends AppError {
  constructor(
    { state }: Pick<ImportRow, 'state'>,
    action: ImportAction,
    allowed: readonly ImportAction[],
  ) {
    super('invalid_state', `This import is ${state}; it cannot be ${done[action]}.`, {
      details: { state, allowed },
      help:
        allowed.length === 0
          ? 'Nothing can be asked of it in this state.'
          : `What can be asked of it: ${allowed.join(', ')}.`,
    });
  }
}

const done: Record<ImportAction, string> = {
  confirm: 'confirmed',
  cancel: 'canceled',
  retry: 'retried',
  fix: 'fixed',
  revert: 'reverted',
};

/** The tenant has as many imports running as it may. */
export class TooManyImports extends AppError {
  constructor(limit: number) {
    super(
      'too_many_imports',
      `${limit} imports are running, and no more may. Nothing was accepted.`,
      {
        details: { limit, retryAfterS: 15 },
        help: 'Wait until one has ended, or cancel one.',
      },
    );
  }
}
