import { AppError } from '@offload/platform';

/** Somebody has changed rows of the dataset with SQL while they were being merged; another try sees the change. */
export class DatasetChangedMeanwhile extends AppError {
  constructor() {
    super(
      'ingest.dataset-changed-meanwhile',
      'Rows of the dataset were changed by somebody else while they were being merged.',
    );
  }
}
