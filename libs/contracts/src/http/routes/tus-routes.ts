import { z } from 'zod';
import type { Route } from '../route.js';

const tusResumable = { 'Tus-Resumable': z.literal('1.0.0') };
const discovery: Omit<Route, 'id' | 'path'> = {
  method: 'options',
  tag: 'Uploads',
  summary: 'Tell what of tus is spoken, and the limits',
  scope: 'uploads:write',
  success: [
    {
      status: 204,
      description: 'In the headers.',
      headers: {
        'Tus-Version': 'The versions that are spoken.',
        'Tus-Extension': 'What of the protocol beyond its core.',
        'Tus-Checksum-Algorithm': 'For `Upload-Checksum`.',
        'Tus-Max-Size': 'Bytes of the largest file.',
        'Upload-Limit':
          '`max-size` in bytes, and `max-age` in seconds of an upload nobody goes on with.',
      },
    },
  ],
};

/** What of tus 1.0.0 has a method of its own; its creation and termination are POST and DELETE. */
export const tusRoutes: Route[] = [
  { ...discovery, id: 'discoverUploads', path: '/v1/uploads' },
  {
    ...discovery,
    id: 'discoverUpload',
    path: '/v1/uploads/{id}',
    params: { id: z.uuid() },
  },
  {
    id: 'tellUploadOffset',
    method: 'head',
    path: '/v1/uploads/{id}',
    tag: 'Uploads',
    summary: 'Tell where to go on with an upload',
    description:
      'A request that is still sending bytes is stopped first, and what it has brought is counted: after a ' +
      'broken connection the offset is right at once. Without `Tus-Resumable` it is the head of the GET.',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    headers: { 'Tus-Resumable': z.literal('1.0.0').optional() },
    success: [
      {
        status: 200,
        description: 'In the headers.',
        headers: {
          'Upload-Offset': 'Bytes that have come and are kept.',
          'Upload-Length': 'Bytes of the whole file, once the client has said so.',
          'Upload-Defer-Length': '`1` until then.',
          'Upload-Metadata': 'As it was given.',
          'Upload-Concat': 'As it was given.',
          'Upload-Expires': 'When it is removed unless somebody goes on with it.',
        },
      },
    ],
    problems: [
      'upload_expired',
      'unsupported_file_type',
      'upload_locked',
      'unsupported_tus_version',
    ],
  },
  {
    id: 'appendToUpload',
    method: 'patch',
    path: '/v1/uploads/{id}',
    tag: 'Uploads',
    summary: 'Send the next bytes of an upload',
    description:
      'Any number of bytes from the offset on. What has come is kept when the connection breaks, unless it has ' +
      'an `Upload-Checksum`: then all of it counts or nothing. A second request stops the first.',
    scope: 'uploads:write',
    params: { id: z.uuid() },
    headers: {
      ...tusResumable,
      'Upload-Offset': z.string().describe('Where these bytes belong: what HEAD tells.'),
      'Upload-Length': z.string().optional().describe('Once, if the length was deferred.'),
      'Upload-Checksum': z
        .string()
        .optional()
        .describe('Of the body: `sha1 `, and the hash in Base64.'),
    },
    body: {
      'application/offset+octet-stream': z
        .string()
        .meta({ format: 'binary', description: 'The next bytes of the file.' }),
    },
    success: [
      {
        status: 204,
        description: 'They are stored.',
        headers: {
          'Upload-Offset': 'Where to go on.',
          'Upload-Expires': 'When it is removed unless somebody goes on with it.',
        },
      },
    ],
    problems: [
      'invalid_header',
      'inconsistent_upload_length',
      'final_upload',
      'mismatching_upload_offset',
      'upload_expired',
      'unsupported_tus_version',
      'file_too_large',
      'unsupported_media_type',
      'unsupported_file_type',
      'upload_locked',
      'quota_exceeded',
      'checksum_mismatch',
      'storage_full',
    ],
  },
];
