import { z } from 'zod';
import { DatasetResource, DatasetRow, ListDatasetsQuery, ListRowsQuery } from '../datasets.js';
import { listOf } from '../lists.js';
import type { Route } from '../route.js';

export const datasetRoutes: Route[] = [
  {
    id: 'listDatasets',
    method: 'get',
    path: '/v1/datasets',
    tag: 'Datasets',
    summary: 'List datasets by name',
    scope: 'datasets:read',
    query: ListDatasetsQuery,
    success: [{ status: 200, description: 'A page of datasets.', schema: listOf(DatasetResource) }],
  },
  {
    id: 'getDataset',
    method: 'get',
    path: '/v1/datasets/{name}',
    tag: 'Datasets',
    summary: 'Show a dataset and its columns',
    scope: 'datasets:read',
    params: { name: z.string() },
    success: [{ status: 200, description: 'The dataset.', schema: DatasetResource }],
  },
  {
    id: 'listDatasetRows',
    method: 'get',
    path: '/v1/datasets/{name}/rows',
    tag: 'Datasets',
    summary: 'List the rows of a dataset, in the order in which they were stored',
    scope: 'datasets:read',
    params: { name: z.string() },
    query: ListRowsQuery,
    success: [{ status: 200, description: 'A page of rows.', schema: listOf(DatasetRow) }],
  },
];
