import { z } from 'zod';
import { CreateEmailRequest, EmailResource } from '../emails.js';
import type { Route } from '../route.js';

export const emailRoutes: Route[] = [
  {
    id: 'createEmail',
    method: 'post',
    path: '/v1/emails',
    tag: 'E-mails',
    summary: 'Send an e-mail',
    description: 'The body follows Resend’s `POST /emails`. It may have 256 KiB altogether.',
    scope: 'emails:send',
    body: { 'application/json': CreateEmailRequest },
    isIdempotent: true,
    success: [
      {
        status: 202,
        description: 'Accepted.',
        schema: EmailResource,
        headers: {
          Location: 'The path of the e-mail.',
          'Retry-After': 'Seconds after which asking for its state makes sense.',
          Link: 'With `rel="monitor"`: the event stream that follows it.',
        },
      },
    ],
  },
  {
    id: 'getEmail',
    method: 'get',
    path: '/v1/emails/{id}',
    tag: 'E-mails',
    summary: 'Show an e-mail and what became of it',
    scope: 'emails:read',
    params: { id: z.uuid() },
    success: [{ status: 200, description: 'The e-mail.', schema: EmailResource }],
  },
];
