import { z } from 'zod';
import { Inspection, InspectUploadRequest } from '../inspections.js';
import type { Route } from '../route.js';

export const inspectionRoutes: Route[] = [
  {
    id: 'inspectUpload',
    method: 'post',
    path: '/v1/uploads/{id}/inspect',
    tag: 'Uploads',
    summary: 'Look into a file before importing it',
    description:
      'Says how the file is packed, encoded and written, which columns it has, and of which types, with ' +
      'examples and with what is doubtful. Whatever is wrong can be told in the body, and the picture is ' +
      'drawn again around it. `import` in the answer is the body of `POST /v1/imports` that imports what ' +
      'was shown. Nothing is changed, and only a small part of the file is read, whatever its size.',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    body: { 'application/json': InspectUploadRequest },
    success: [{ status: 200, description: 'What is in the file.', schema: Inspection }],
    problems: [
      'not_found',
      'invalid_state',
      'validation_failed',
      'unknown_field',
      'file_unreadable',
    ],
  },
];
