import type { DatasetProblem } from '@offload/formats';
import { PermanentError } from '@offload/platform';

/** The columns or keys cannot be those of a dataset; nothing has been made. */
export class InvalidDataset extends PermanentError {
  constructor(readonly problems: readonly DatasetProblem[]) {
    super('ingest.invalid-dataset', problems.map(({ message }) => message).join(' '), {
      details: { problems },
      help: 'Correct the columns and keys and ask again.',
    });
  }
}
