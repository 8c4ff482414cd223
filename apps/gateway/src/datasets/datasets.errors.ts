import { AppError } from '@offload/platform';
import type { Dataset } from './dataset.entity.js';

export class DatasetExists extends AppError {
  constructor(name: string) {
    super('name_taken', `There is a dataset “${name}” already.`, {
      help: `Add columns to it with PATCH /v1/datasets/${name}, or choose another name.`,
    });
  }
}

/** Its state does not allow what was asked for. */
export class DatasetNotReady extends AppError {
  constructor({ name, state, isBusy, problem }: Dataset) {
    super(
      'invalid_state',
      `The dataset “${name}” is ${state}${problem ? `: ${problem.detail}` : '.'}`,
      isBusy ? { details: { retryAfterS: 1 } } : {},
    );
  }
}

/** An import into it has not ended. */
export class DatasetIsImportedInto extends AppError {
  constructor(name: string, importId: string) {
    super('invalid_state', `Import ${importId} into “${name}” has not ended.`, {
      help: `See how it stands at /v1/imports/${importId}.`,
    });
  }
}

/** Somebody waited for it, and it could not be done. */
export class DatasetRefusal extends AppError {
  constructor(detail: string) {
    super('dataset_refused', detail);
  }
}

/** The database was asked for longer than a request may take. */
export class QueryTooSlow extends AppError {
  constructor(limitMs: number) {
    super('query_too_slow', `Reading the rows took longer than ${limitMs / 1000} s.`, {
      help: 'Ask for less: by a key of the dataset, without a sort, or export the rows.',
    });
  }
}
