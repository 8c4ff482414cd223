import { z } from 'zod';
import type { Route } from '../route.js';
import { CreateUploadQuery, UploadResource } from '../uploads.js';

const file = z.string().meta({ format: 'binary', description: 'The bytes of the file.' });

export const uploadRoutes: Route[] = [
  {
    id: 'createUpload',
    method: 'post',
    path: '/v1/uploads',
    tag: 'Uploads',
    summary: 'Send a file',
    description:
      'The body is the file itself, with any Content-Type, or a `multipart/form-data` form with exactly one ' +
      'file. It is streamed to storage while it is hashed. The name comes from `file_name`, from ' +
      'Content-Disposition or from the form.',
    scope: 'uploads:write',
    query: CreateUploadQuery,
    headers: {
      'Content-Disposition': z.string().optional().describe('`attachment; filename="people.csv"`'),
    },
    body: { '*/*': file, 'multipart/form-data': z.object({ file }) },
    isIdempotent: true,
    success: [
      {
        status: 201,
        description: 'The file is stored.',
        schema: UploadResource,
        headers: { Location: 'The path of the upload.' },
      },
    ],
    problems: [
      'file_too_large',
      'storage_full',
      'empty_file',
      'malformed_multipart',
      'unsupported_media_type',
      'validation_failed',
      'unknown_field',
    ],
  },
  {
    id: 'getUpload',
    method: 'get',
    path: '/v1/uploads/{id}',
    tag: 'Uploads',
    summary: 'Show an upload',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    success: [{ status: 200, description: 'The upload.', schema: UploadResource }],
  },
];
