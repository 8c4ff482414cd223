import type { DatasetResource, DatasetState } from '@offload/contracts/http';
import type { Dataset } from './dataset.entity.js';

/** What people see of a dataset that is not dropped. */
export function datasetResource(dataset: Dataset): DatasetResource {
  const self = `/v1/datasets/${dataset.name}`;
  return {
    name: dataset.name,
    object: 'dataset',
    state: dataset.state as DatasetState,
    table: dataset.tableName,
    columns: dataset.columns,
    keys: dataset.keys,
    rows: dataset.rows,
    problem: dataset.problem,
    created_at: dataset.createdAt.toISOString(),
    changed_at: dataset.changedAt?.toISOString() ?? null,
    links: {
      self,
      rows: `${self}/rows`,
      csv: `${self}/export.csv`,
      ndjson: `${self}/export.ndjson`,
      imports: `/v1/imports?dataset=${dataset.name}`,
    },
  };
}
