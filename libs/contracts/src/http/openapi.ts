import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { ProblemDetails, type ProblemCode, problems } from './problems.js';
import type { Answer, Route } from './route.js';
import { routes } from './routes.js';

type OpenApiDocument = ReturnType<typeof createDocument>;

/** The OpenAPI 3.1 document of the gateway. The same for the same sources: nothing in it is looked up. */
export function openApiDocument({ serverUrl = '/' }: { serverUrl?: string } = {}): OpenApiDocument {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Offload',
      version: '1',
      description:
        'Takes slow work off the request: large imports and e-mails, accepted at once, done in the ' +
        'background, shown truthfully, never lost.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ apiKey: [] }],
    paths: pathsOf(routes),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `off_live_…`.' },
      },
    },
  });
}

function pathsOf(all: readonly Route[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of all) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return paths;
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { params, query, headers, body } = route;
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, scopeNote(route)].filter(Boolean).join('\n\n'),
    ...(route.scope === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(params ? { path: z.object(params) } : {}),
      ...(query ? { query } : {}),
      ...(headers || route.isIdempotent
        ? { header: z.object({ ...headers, ...(route.isIdempotent ? idempotencyHeader : {}) }) }
        : {}),
    },
    ...(body ? { requestBody: { required: !mayBeLeftOut(body), content: contentOf(body) } } : {}),
    responses: {
      ...Object.fromEntries(
        route.success.map((answer) => [answer.status, answerOf(route, answer)]),
      ),
      ...problemAnswers(problemCodesOf(route)),
    },
  };
}

/** An absent body is read as an empty object. */
function mayBeLeftOut(body: Record<string, z.ZodType>): boolean {
  return body['application/json']?.safeParse({}).success ?? false;
}

function scopeNote({ scope }: Route): string {
  return scope === 'public' || scope === 'any' ? '' : `Needs the scope \`${scope}\`.`;
}

function contentOf(body: Record<string, z.ZodType>): Record<string, { schema: z.ZodType }> {
  return Object.fromEntries(Object.entries(body).map(([type, schema]) => [type, { schema }]));
}

function answerOf(route: Route, { description, schema, mediaType, headers = {} }: Answer) {
  const all = {
    ...headers,
    'Request-Id': 'Names this request in logs.',
    ...(route.isIdempotent
      ? { 'Idempotency-Replayed': '`true`: the stored answer of the first request.' }
      : {}),
    ...(route.method === 'get' && route.scope !== 'public' && !mediaType
      ? { ETag: 'Strong; give it as `If-None-Match` to be answered 304 while nothing changes.' }
      : {}),
  };
  return {
    description,
    headers: Object.fromEntries(
      Object.entries(all).map(([name, text]) => [
        name,
        { description: text, schema: { type: 'string' as const } },
      ]),
    ),
    ...(schema ? { content: { [mediaType ?? 'application/json']: { schema } } } : {}),
  };
}

/** The problems a route can answer: its own, and those that come with what it is. */
export function problemCodesOf(route: Route): ProblemCode[] {
  const codes: ProblemCode[] = [...(route.problems ?? [])];
  if (route.scope !== 'public') codes.push('missing_api_key', 'invalid_api_key', 'expired_api_key');
  if (route.scope !== 'public' && route.scope !== 'any') codes.push('insufficient_scope');
  if (route.params) codes.push('not_found');
  if (route.query) codes.push('validation_failed', 'unknown_field');
  if (route.body?.['application/json']) {
    codes.push('malformed_json', 'body_too_large', 'unsupported_media_type');
    codes.push('validation_failed', 'unknown_field');
  }
  if (route.isIdempotent) {
    codes.push('invalid_header', 'idempotency_in_flight', 'idempotency_key_reused');
  }
  if (route.method === 'post') codes.push('temporary_reduced_capacity');
  if (route.scope !== 'public') codes.push('internal_error');
  return [...new Set(codes)];
}

function problemAnswers(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, those]) => [
        status,
        {
          description: those.map((code) => `\`${code}\`: ${problems[code].title}.`).join('\n'),
          content: { 'application/problem+json': { schema: ProblemDetails } },
        },
      ]),
  );
}

const idempotencyHeader = {
  'Idempotency-Key': z
    .string()
    .max(257)
    .optional()
    .describe(
      'Up to 255 characters of your choice. The same request with the same key is done once and answered ' +
        'the same for 48 hours; the same key with another body is refused.',
    ),
};
