import { z } from 'zod';
import type { Route } from '../route.js';

const Health = z.object({ status: z.string() }).meta({ id: 'Health' });

const Readiness = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    checks: z.record(z.string(), z.object({ is_up: z.boolean(), reason: z.string().optional() })),
  })
  .meta({ id: 'Readiness' });

/** The routes that are about the service itself. */
export const serviceRoutes: Route[] = [
  {
    id: 'getOpenApiDocument',
    method: 'get',
    path: '/v1/openapi.json',
    tag: 'Service',
    summary: 'This document',
    scope: 'public',
    success: [
      {
        status: 200,
        description: 'The OpenAPI 3.1 document.',
        schema: z.record(z.string(), z.unknown()),
      },
    ],
  },
  {
    id: 'getLiveness',
    method: 'get',
    path: '/health/live',
    tag: 'Service',
    summary: 'Whether the process works',
    scope: 'public',
    success: [{ status: 200, description: 'It does.', schema: Health }],
  },
  {
    id: 'getReadiness',
    method: 'get',
    path: '/health/ready',
    tag: 'Service',
    summary: 'Whether it should be sent requests',
    scope: 'public',
    success: [
      { status: 200, description: 'It should.', schema: Readiness },
      { status: 503, description: 'It should not; the checks say why.', schema: Readiness },
    ],
  },
];
