import { z } from 'zod';
import { listOf } from '../lists.js';
import type { Route } from '../route.js';
import { CreateUploadQuery, ListUploadsQuery, UploadResource } from '../uploads.js';
import { tusRoutes } from './tus-routes.js';

const file = z.string().meta({ format: 'binary', description: 'The bytes of the file.' });
const contentHeaders = {
  Range: z
    .string()
    .optional()
    .describe('One range, as `bytes=0-99`, `bytes=100-` or `bytes=-100`.'),
  'If-Range': z.string().optional().describe('The range counts only while this is the ETag.'),
};

export const uploadRoutes: Route[] = [
  {
    id: 'createUpload',
    method: 'post',
    path: '/v1/uploads',
    tag: 'Uploads',
    summary: 'Send a file, or begin to',
    description:
      'The body is the file itself, with any Content-Type, or a `multipart/form-data` form with exactly one ' +
      'file. It is streamed to storage while it is hashed. The name comes from `file_name`, from ' +
      'Content-Disposition or from the form.\n\n' +
      'With `Tus-Resumable: 1.0.0` it is the creation of [tus](https://tus.io/protocols/resumable-upload): the ' +
      'file follows in PATCH requests, which can break off and go on. `Upload-Length` or ' +
      '`Upload-Defer-Length: 1` says how long it will be, `Upload-Metadata` names it (`filename`, `filetype`), ' +
      '`Upload-Concat` makes it a part, or puts it together from parts. The body may bring the first bytes ' +
      '(`application/offset+octet-stream`).',
    scope: 'uploads:write',
    query: CreateUploadQuery,
    headers: {
      'Content-Disposition': z.string().optional().describe('`attachment; filename="people.csv"`'),
      'Tus-Resumable': z.literal('1.0.0').optional(),
      'Upload-Length': z.string().optional().describe('tus: bytes of the whole file.'),
      'Upload-Defer-Length': z.literal('1').optional(),
      'Upload-Metadata': z.string().optional().describe('tus: `filename cGVvcGxlLmNzdg==`'),
      'Upload-Concat': z
        .string()
        .optional()
        .describe('tus: `partial`, or `final;` and the paths of the parts.'),
    },
    body: { '*/*': file, 'multipart/form-data': z.object({ file }) },
    isIdempotent: true,
    success: [
      {
        status: 201,
        description:
          'The file is stored, or begun. It can be used once its `state` is `ready`, which a file that came ' +
          'in one piece is at once unless it is scanned.',
        schema: UploadResource,
        headers: {
          Location: 'The path of the upload.',
          'Upload-Offset': 'tus: how much of the file has come.',
          'Upload-Expires': 'tus: when it is removed unless somebody goes on with it.',
        },
      },
    ],
    problems: [
      'file_too_large',
      'storage_full',
      'empty_file',
      'malformed_multipart',
      'unsupported_media_type',
      'unsupported_file_type',
      'validation_failed',
      'unknown_field',
      'quota_exceeded',
      'too_many_uploads',
      'unsupported_tus_version',
      'inconsistent_upload_length',
      'checksum_mismatch',
      'invalid_state',
      'not_found',
    ],
  },
  {
    id: 'listUploads',
    method: 'get',
    path: '/v1/uploads',
    tag: 'Uploads',
    summary: 'List uploads, the newest first',
    description: 'Parts, from which others are put together, are left out.',
    scope: 'uploads:write',
    query: ListUploadsQuery,
    success: [{ status: 200, description: 'A page of uploads.', schema: listOf(UploadResource) }],
  },
  {
    id: 'getUpload',
    method: 'get',
    path: '/v1/uploads/{id}',
    tag: 'Uploads',
    summary: 'Show an upload',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    success: [
      {
        status: 200,
        description: 'The upload.',
        schema: UploadResource,
        headers: { 'Retry-After': 'Seconds after which to ask again, while it is being checked.' },
      },
    ],
  },
  {
    id: 'getUploadContent',
    method: 'get',
    path: '/v1/uploads/{id}/content',
    tag: 'Uploads',
    summary: 'Get the file back',
    description:
      'Always as an attachment, never to be shown in place. One range of bytes can be asked for; the ETag is ' +
      'the SHA-256 of the file.',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    headers: contentHeaders,
    success: [
      { status: 200, description: 'The file.', schema: file, mediaType: '*/*' },
      {
        status: 206,
        description: 'The range.',
        schema: file,
        mediaType: '*/*',
        headers: { 'Content-Range': '`bytes 0-99/1000`' },
      },
    ],
    problems: ['invalid_state', 'range_not_satisfiable', 'upload_expired'],
  },
  {
    id: 'deleteUpload',
    method: 'delete',
    path: '/v1/uploads/{id}',
    tag: 'Uploads',
    summary: 'Remove an upload and its file',
    description:
      'Also ends one that is still being received (the termination of tus). An upload that an import needs ' +
      'stays until the import has ended. Afterwards it is 404, as if it had never been.',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    success: [{ status: 204, description: 'It is gone.' }],
    problems: ['invalid_state', 'upload_locked', 'unsupported_tus_version'],
  },
  ...tusRoutes,
];
