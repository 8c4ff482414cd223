import { z } from 'zod';
import { DatasetRow, ExportCsvQuery, ExportNdjsonQuery, ListRowsQuery } from '../dataset-rows.js';
import {
  CreateDatasetRequest,
  DatasetResource,
  ExtendDatasetRequest,
  ListDatasetsQuery,
} from '../datasets.js';
import { listOf } from '../lists.js';
import type { Route } from '../route.js';

const tag = 'Datasets';
const params = { name: z.string() };

const prefer = {
  Prefer: z
    .string()
    .optional()
    .describe(
      '`wait=5` (RFC 7240) keeps the answer back for up to so many seconds, at most 5, until it is done.',
    ),
};
const accepted = {
  Location: 'The path of the dataset.',
  'Retry-After': 'Seconds after which asking for its state makes sense.',
};
const download = { 'Content-Disposition': 'A file name.' };

export const datasetRoutes: Route[] = [
  {
    id: 'createDataset',
    method: 'post',
    path: '/v1/datasets',
    tag,
    summary: 'Create an empty dataset with typed columns, rules and keys',
    description:
      'A dataset is a table of PostgreSQL. Everything that is wrong with the declaration is told at once. An import ' +
      'can create one too, from the columns of its file.',
    scope: 'datasets:write',
    headers: prefer,
    body: { 'application/json': CreateDatasetRequest },
    isIdempotent: true,
    success: [
      { status: 201, description: 'Created, when waited for.', schema: DatasetResource },
      { status: 202, description: 'Accepted.', schema: DatasetResource, headers: accepted },
    ],
    problems: ['name_taken', 'dataset_refused'],
  },
  {
    id: 'listDatasets',
    method: 'get',
    path: '/v1/datasets',
    tag,
    summary: 'List datasets by name',
    scope: 'datasets:read',
    query: ListDatasetsQuery,
    success: [{ status: 200, description: 'A page of datasets.', schema: listOf(DatasetResource) }],
  },
  {
    id: 'getDataset',
    method: 'get',
    path: '/v1/datasets/{name}',
    tag,
    summary: 'Show a dataset, its columns with their rules, and its keys',
    scope: 'datasets:read',
    params,
    success: [
      {
        status: 200,
        description: 'The dataset.',
        schema: DatasetResource,
        headers: { 'Retry-After': 'Seconds after which to ask again, while something is done.' },
      },
    ],
  },
  {
    id: 'extendDataset',
    method: 'patch',
    path: '/v1/datasets/{name}',
    tag,
    summary: 'Add columns and keys to a dataset',
    description:
      'All of them are added, or none. A column that must not be empty is refused where there are rows without a ' +
      'value for it; a key is refused where rows have the same values, and the first of those are named.',
    scope: 'datasets:write',
    params,
    headers: prefer,
    body: { 'application/json': ExtendDatasetRequest },
    isIdempotent: true,
    success: [
      { status: 200, description: 'Extended, when waited for.', schema: DatasetResource },
      { status: 202, description: 'Accepted.', schema: DatasetResource, headers: accepted },
    ],
    problems: ['invalid_state', 'dataset_refused'],
  },
  {
    id: 'dropDataset',
    method: 'delete',
    path: '/v1/datasets/{name}',
    tag,
    summary: 'Drop a dataset with all its rows',
    description: 'Not while an import into it has not ended. It cannot be taken back.',
    scope: 'datasets:write',
    params,
    headers: prefer,
    success: [
      { status: 202, description: 'Accepted.', schema: DatasetResource, headers: accepted },
      { status: 204, description: 'Dropped, when waited for.' },
    ],
    problems: ['invalid_state', 'invalid_header', 'dataset_refused'],
  },
  {
    id: 'listDatasetRows',
    method: 'get',
    path: '/v1/datasets/{name}/rows',
    tag,
    summary: 'List the rows of a dataset: filtered, sorted, page by page',
    description:
      'Pages do not overlap and leave nothing out, whatever the values are; a row that is stored meanwhile is there ' +
      'when its place has not been passed.',
    scope: 'datasets:read',
    params,
    query: ListRowsQuery,
    success: [{ status: 200, description: 'A page of rows.', schema: listOf(DatasetRow) }],
    problems: ['query_too_slow', 'invalid_state'],
  },
  {
    id: 'exportDatasetCsv',
    method: 'get',
    path: '/v1/datasets/{name}/export.csv',
    tag,
    summary: 'Export the rows of a dataset as CSV',
    description:
      'As of one moment, however long it takes. Imported again, the file gives equal rows: an empty text is `""`, and ' +
      'a missing value is nothing.',
    scope: 'datasets:read',
    params,
    query: ExportCsvQuery,
    success: [
      {
        status: 200,
        description: 'RFC 4180 with a header, in UTF-8, lines ended by LF.',
        schema: z.string(),
        mediaType: 'text/csv',
        headers: download,
      },
    ],
    problems: ['invalid_state', 'temporary_reduced_capacity'],
  },
  {
    id: 'exportDatasetNdjson',
    method: 'get',
    path: '/v1/datasets/{name}/export.ndjson',
    tag,
    summary: 'Export the rows of a dataset as JSON, one on each line',
    scope: 'datasets:read',
    params,
    query: ExportNdjsonQuery,
    success: [
      {
        status: 200,
        description: 'One row on each line, with its columns.',
        schema: DatasetRow,
        mediaType: 'application/x-ndjson',
        headers: download,
      },
    ],
    problems: ['invalid_state', 'temporary_reduced_capacity'],
  },
];
