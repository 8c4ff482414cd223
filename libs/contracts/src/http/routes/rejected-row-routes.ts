import { z } from 'zod';
import { listOf } from '../lists.js';
import {
  ExportRejectedRowsQuery,
  KeptRow,
  ListKeptRowsQuery,
  ListRejectedRowsQuery,
  RejectedRow,
} from '../rejected-rows.js';
import type { Route } from '../route.js';

const common = {
  method: 'get',
  tag: 'Imports',
  scope: 'imports:read',
  params: { id: z.uuid() },
} as const;

export const rejectedRowRoutes: Route[] = [
  {
    ...common,
    id: 'listRejectedRows',
    path: '/v1/imports/{id}/errors',
    summary: 'List the rejected rows of an import, in the order of the file',
    query: ListRejectedRowsQuery,
    success: [
      { status: 200, description: 'A page of rejected rows.', schema: listOf(RejectedRow) },
    ],
  },
  {
    ...common,
    id: 'exportRejectedRows',
    path: '/v1/imports/{id}/errors.csv',
    summary: 'Get the rejected rows as CSV, to be corrected and posted back',
    description:
      'The columns of the file, then `_row`, `_error_code` and `_error`. What a row has beyond the columns ' +
      'of the file stands before them in `_extra_1`, `_extra_2`, …. An empty field without quotes is no ' +
      'value, one with quotes is an empty text. Post it to `/v1/imports/{id}/fix`.',
    query: ExportRejectedRowsQuery,
    success: [
      {
        status: 200,
        description: 'RFC 4180, in UTF-8.',
        mediaType: 'text/csv',
        schema: z.string(),
      },
    ],
  },
  {
    ...common,
    id: 'listKeptRows',
    path: '/v1/imports/{id}/kept-rows',
    summary: 'List the rows that a revert has left as they are, because somebody has changed them',
    query: ListKeptRowsQuery,
    success: [{ status: 200, description: 'A page of rows.', schema: listOf(KeptRow) }],
  },
];
