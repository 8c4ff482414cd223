import { z } from 'zod';
import { CreateImportRequest } from '../import-request.js';
import { ImportResource, ListImportsQuery } from '../imports.js';
import { listOf } from '../lists.js';
import type { Route } from '../route.js';
import { acceptedHeaders, preferWait } from './import-headers.js';

export const importRoutes: Route[] = [
  {
    id: 'createImport',
    method: 'post',
    path: '/v1/imports',
    tag: 'Imports',
    summary: 'Import an uploaded file into a dataset',
    description:
      'Answers at once; the work goes on in the background. What was accepted is kept: the answer is sent ' +
      'after the import and its first message have been committed together.',
    scope: 'imports:write',
    headers: preferWait,
    body: { 'application/json': CreateImportRequest },
    isIdempotent: true,
    success: [
      { status: 202, description: 'Accepted.', schema: ImportResource, headers: acceptedHeaders },
      {
        status: 200,
        description: 'Accepted, and at rest within the time that `Prefer: wait` gave it.',
        schema: ImportResource,
      },
    ],
    problems: ['not_found', 'too_many_imports'],
  },
  {
    id: 'listImports',
    method: 'get',
    path: '/v1/imports',
    tag: 'Imports',
    summary: 'List imports, the newest first',
    scope: 'imports:read',
    query: ListImportsQuery,
    success: [{ status: 200, description: 'A page of imports.', schema: listOf(ImportResource) }],
  },
  {
    id: 'getImport',
    method: 'get',
    path: '/v1/imports/{id}',
    tag: 'Imports',
    summary: 'Show an import and how far it has come',
    scope: 'imports:read',
    params: { id: z.uuid() },
    headers: preferWait,
    success: [
      {
        status: 200,
        description: 'The import.',
        schema: ImportResource,
        headers: { 'Retry-After': 'Seconds after which to ask again; absent when it rests.' },
      },
    ],
  },
];
