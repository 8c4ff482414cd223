import { DatasetChanged, DatasetRefused, type Outgoing } from '@offload/contracts';
import type { Dataset } from './dataset.entity.js';

/** Says what a dataset looks like, as of `databaseTime`. */
export function tellDataset(
  { name, tableName, columns, keys, rows }: Dataset,
  now: Date,
): Outgoing {
  return DatasetChanged({
    dataset: name,
    table: tableName,
    columns,
    keys,
    rows,
    changedAt: now.toISOString(),
  });
}

/** Why something that was asked of a dataset cannot be done. */
export interface Refusal {
  code:
    | 'dataset_exists'
    | 'dataset_not_found'
    | 'dataset_in_use'
    | 'invalid_dataset'
    | 'rows_in_the_way';
  message: string;
}

export function tellRefusal(
  dataset: string,
  action: DatasetRefused['action'],
  refusal: Refusal,
): Outgoing {
  return DatasetRefused({ dataset, action, ...refusal, refusedAt: new Date().toISOString() });
}
