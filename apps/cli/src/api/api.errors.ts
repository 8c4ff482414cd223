import { types } from 'node:util';
import type { ProblemDetails } from '@offload/contracts/http';
import { CliError, exitCodes } from '../exit-codes.js';

/** The API has answered that it will not. */
export class ApiRefused extends CliError {
  constructor(
    readonly problem: ProblemDetails,
    /** Seconds after which it may. */
    readonly retryAfterS: number | undefined,
  ) {
    super(exitCodes.refused, describeProblem(problem));
  }
}

/** Nobody has answered, or not to the end. */
export class Unreachable extends CliError {
  constructor(url: string, cause: unknown) {
    super(exitCodes.unreachable, `Cannot reach the API at ${url}: ${reasonOf(cause)}.${remedy}`);
    this.cause = cause;
  }
}

/** An answer that began and broke off. */
export class BrokenOff extends CliError {
  constructor(what: string, cause: unknown) {
    super(exitCodes.unreachable, `${what} (${reasonOf(cause)})`);
  }
}

const remedy = '\nIs it running, and is the address right (--url, OFFLOAD_URL)?';

/** What a person needs of a problem: what is wrong, where, what to do, and the name to tell support. */
export function describeProblem(problem: ProblemDetails): string {
  const { title, detail, errors = [], help, code, status, request_id: requestId } = problem;
  // A single one usually stands in the detail already.
  const isTold = errors.every((each) => errors.length === 1 && detail.includes(each.detail));
  const told = isTold ? [] : errors;
  const lines = [
    `${title}: ${detail}`,
    ...told.map((each) => `  ${each.pointer}: ${each.detail}`),
    ...(help === undefined ? [] : [help]),
    `(${code}, HTTP ${status}${requestId ? `, request ${requestId}` : ''})`,
  ];
  return lines.join('\n');
}

/** Reads a refusal; also one that no gateway of ours has written, such as a proxy's page. */
export async function refusal(response: Response, path: string): Promise<ApiRefused> {
  const text = await response.text().catch(() => '');
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiRefused(
    problemIn(text) ?? {
      type: 'about:blank',
      title: response.statusText || `HTTP ${response.status}`,
      status: response.status,
      detail: `${path} was not answered by Offload, but by something in between or beside it.`,
      instance: path,
      code: 'not_offload',
      request_id: response.headers.get('request-id') ?? '',
      retryable: [502, 503, 504].includes(response.status),
    },
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}

function problemIn(text: string): ProblemDetails | undefined {
  try {
    const parsed = JSON.parse(text) as Partial<ProblemDetails> | null;
    return typeof parsed?.code === 'string' && typeof parsed.detail === 'string'
      ? (parsed as ProblemDetails)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The innermost reason: fetch wraps it once, and a host with several addresses once more. */
export function reasonOf(cause: unknown): string {
  const innermost = innermostOf(cause);
  if (!types.isNativeError(innermost)) return String(innermost);
  return innermost.name === 'TimeoutError' ? 'no answer in time' : innermost.message;
}

/** The code of the innermost reason, as ECONNREFUSED. */
export function codeOf(cause: unknown): string | undefined {
  const innermost = innermostOf(cause) as { code?: unknown } | null | undefined;
  return typeof innermost?.code === 'string' ? innermost.code : undefined;
}

function innermostOf(cause: unknown): unknown {
  const [first] = (cause as AggregateError | undefined)?.errors ?? [];
  const inner: unknown = first ?? (types.isNativeError(cause) ? cause.cause : undefined);
  return inner === undefined ? cause : innermostOf(inner);
}
