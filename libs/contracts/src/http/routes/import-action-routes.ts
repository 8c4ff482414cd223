import { z } from 'zod';
import {
  CancelImportRequest,
  EmptyRequest,
  FixImportRequest,
  RevertImportQuery,
} from '../import-actions.js';
import { ImportResource } from '../imports.js';
import type { ProblemCode } from '../problems.js';
import type { Route } from '../route.js';
import { acceptedHeaders, preferWait } from './import-headers.js';

export const importActionRoutes: Route[] = [
  act('confirm', {
    summary: 'Let the rows of an import that waits for review into the dataset',
    description: 'While it is `awaiting_review`.',
    body: { 'application/json': EmptyRequest },
  }),
  act('cancel', {
    summary: 'Stop an import at its next chunk',
    description:
      'Until it has ended. The rows stored so far are removed unless `keep_rows` says otherwise.',
    body: { 'application/json': CancelImportRequest },
  }),
  act('retry', {
    summary: 'Go on with an import that has stopped',
    description:
      'When it has `failed`, was `canceled` or is `interrupted`. It goes on with the first chunk that is not ' +
      'committed and keeps its id.',
    body: { 'application/json': EmptyRequest },
    problems: ['too_many_imports'],
  }),
  act('fix', {
    summary: 'Load corrected rows that the import had rejected',
    description:
      'When it is `completed_with_errors`. The body is the corrected list, in the form of ' +
      '`/v1/imports/{id}/errors.csv` with its column `_row`, or names an upload of it. Rows that are missing ' +
      'from it stay rejected; those that are good complete the report of this import.',
    body: {
      'application/json': FixImportRequest,
      'text/csv': z.string().meta({ format: 'binary', description: 'The corrected list.' }),
    },
    problems: [
      'too_many_imports',
      'file_too_large',
      'storage_full',
      'empty_file',
      'unsupported_media_type',
    ],
  }),
  act('revert', {
    summary: 'Undo an import',
    description:
      'When it has completed, or was canceled and has left rows. Rows it created are removed, rows it changed are as ' +
      'they were, and rows that somebody else has changed since stay and are listed. With `dry_run=1` ' +
      'nothing is undone, and `revert_preview` tells what would be.',
    query: RevertImportQuery,
    body: { 'application/json': EmptyRequest },
  }),
];

interface Act extends Pick<Route, 'summary' | 'description' | 'body' | 'query'> {
  problems?: ProblemCode[];
}

function act(name: string, { problems = [], ...about }: Act): Route {
  return {
    id: `${name}Import`,
    method: 'post',
    path: `/v1/imports/{id}/${name}`,
    tag: 'Imports',
    ...about,
    scope: 'imports:write',
    params: { id: z.uuid() },
    headers: preferWait,
    isIdempotent: true,
    success: [
      { status: 202, description: 'Asked for.', schema: ImportResource, headers: acceptedHeaders },
      {
        status: 200,
        description: 'Done within the time that `Prefer: wait` gave it.',
        schema: ImportResource,
      },
    ],
    problems: ['invalid_state', ...problems],
  };
}
