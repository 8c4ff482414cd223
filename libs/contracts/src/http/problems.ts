import { z } from 'zod';

/** Every `code` of a problem, with the HTTP status and the title it always has. */
export const problems = {
  malformed_json: { status: 400, title: 'The body is not JSON', isRetryable: false },
  malformed_multipart: { status: 400, title: 'The form cannot be read', isRetryable: false },
  invalid_header: { status: 400, title: 'A header cannot be used', isRetryable: false },
  inconsistent_upload_length: {
    status: 400,
    title: 'The lengths contradict each other',
    isRetryable: false,
  },
  invalid_topics: { status: 400, title: 'The topics cannot be used', isRetryable: false },
  bad_request: { status: 400, title: 'The request cannot be read', isRetryable: false },
  missing_api_key: { status: 401, title: 'An API key is needed', isRetryable: false },
  invalid_api_key: { status: 401, title: 'The API key is not valid', isRetryable: false },
  expired_api_key: { status: 401, title: 'The API key has expired', isRetryable: false },
  insufficient_scope: { status: 403, title: 'The API key may not do this', isRetryable: false },
  final_upload: {
    status: 403,
    title: 'The upload is put together from others',
    isRetryable: false,
  },
  not_found: { status: 404, title: 'Not found', isRetryable: false },
  idempotency_in_flight: {
    status: 409,
    title: 'The same request is being worked on',
    isRetryable: true,
  },
  mismatching_upload_offset: {
    status: 409,
    title: 'The upload stands elsewhere',
    isRetryable: false,
  },
  nothing_matches: { status: 409, title: 'Nothing matches', isRetryable: false },
  name_taken: { status: 409, title: 'The name is taken', isRetryable: false },
  dataset_refused: { status: 409, title: 'The dataset does not allow this', isRetryable: false },
  invalid_state: { status: 409, title: 'The state does not allow this', isRetryable: false },
  upload_expired: { status: 410, title: 'The upload has expired', isRetryable: false },
  ticket_used: { status: 410, title: 'The ticket cannot be used', isRetryable: false },
  unsupported_tus_version: {
    status: 412,
    title: 'This version of tus is not spoken',
    isRetryable: false,
  },
  body_too_large: { status: 413, title: 'The body is too large', isRetryable: false },
  file_too_large: { status: 413, title: 'The file is too large', isRetryable: false },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    isRetryable: false,
  },
  range_not_satisfiable: { status: 416, title: 'The range is not there', isRetryable: false },
  validation_failed: { status: 422, title: 'The request is not valid', isRetryable: false },
  unknown_field: { status: 422, title: 'The request has unknown fields', isRetryable: false },
  query_too_slow: { status: 422, title: 'Reading takes too long', isRetryable: false },
  empty_filter: { status: 422, title: 'A filter is needed', isRetryable: false },
  too_many: { status: 422, title: 'That is too much at once', isRetryable: false },
  too_many_imports: { status: 429, title: 'Too many imports are running', isRetryable: true },
  invalid_message: {
    status: 422,
    title: 'The message does not fit its contract',
    isRetryable: false,
  },
  empty_file: { status: 422, title: 'The file is empty', isRetryable: false },
  unsupported_file_type: { status: 422, title: 'The file is not taken', isRetryable: false },
  file_unreadable: { status: 422, title: 'The file cannot be imported', isRetryable: false },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    isRetryable: false,
  },
  upload_locked: {
    status: 423,
    title: 'Another request goes on with this upload',
    isRetryable: true,
  },
  quota_exceeded: { status: 429, title: 'A quota is used up', isRetryable: true },
  too_many_uploads: { status: 429, title: 'Too many uploads are open', isRetryable: true },
  checksum_mismatch: { status: 460, title: 'The checksum does not fit', isRetryable: true },
  internal_error: { status: 500, title: 'Something went wrong on our side', isRetryable: true },
  storage_full: { status: 507, title: 'There is no room for the file', isRetryable: true },
  temporary_reduced_capacity: { status: 503, title: 'Try again later', isRetryable: true },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

export interface ProblemKind {
  status: number;
  title: string;
  /** The same request may succeed later. */
  isRetryable: boolean;
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

/** One thing that is wrong with a request. */
export const FieldError = z.object({
  pointer: z
    .string()
    .describe('JSON Pointer (RFC 6901) into the body, or `?name` for a query parameter.'),
  code: z.string(),
  detail: z.string(),
});
export type FieldError = z.output<typeof FieldError>;

/** How much of a limit is used. */
export const Quota = z
  .object({
    name: z.enum(['stored_bytes', 'open_uploads', 'bytes_per_day']),
    limit: z.int(),
    used: z.int(),
    resets_in_s: z
      .int()
      .nullable()
      .describe('Seconds until it begins anew; null when it gets free by removing something.'),
  })
  .meta({ id: 'Quota' });
export type Quota = z.output<typeof Quota>;

/** RFC 9457: "Problem Details for HTTP APIs", with our extension members. */
export const ProblemDetails = z
  .object({
    type: z.string().describe('`urn:offload:problem:<code>`.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong, for the person in front of the screen.'),
    instance: z.string().describe('The path that was asked for.'),
    code: z.string().describe('Stable; for programs.'),
    request_id: z.string().describe('The same as the header `Request-Id`; name it to support.'),
    retryable: z.boolean(),
    retry_after: z.int().optional().describe('Seconds; the same as the header `Retry-After`.'),
    errors: z.array(FieldError).optional(),
    quota: Quota.optional().describe('Of `quota_exceeded` and `too_many_uploads`: how it stands.'),
    help: z.string().optional().describe('What to do about it.'),
  })
  .meta({ id: 'Problem' });
export type ProblemDetails = z.output<typeof ProblemDetails>;
