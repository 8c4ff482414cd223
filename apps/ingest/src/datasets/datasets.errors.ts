import type { DatasetProblem } from '@offload/formats';
import { AppError, PermanentError } from '@offload/platform';

/** The columns or keys cannot be those of a dataset; nothing has been made. */
export class InvalidDataset extends PermanentError {
  constructor(readonly problems: readonly DatasetProblem[]) {
    super('ingest.invalid-dataset', problems.map(({ message }) => message).join(' '), {
      details: { problems },
      help: 'Correct the columns and keys and ask again.',
    });
  }
}

/** Somebody reads the table, so it cannot be changed at this moment; another try may find it free. */
export class DatasetInUse extends AppError {
  constructor(cause: unknown) {
    super(
      'ingest.dataset-in-use',
      'Somebody is reading the dataset, so its table cannot be changed.',
      { cause, help: 'End the query or the export that reads it, then replay this message.' },
    );
  }
}

/** For the brake: a table that is in use says nothing about other datasets. */
export function concernsOthers(error: unknown): boolean {
  return !(error instanceof DatasetInUse);
}
