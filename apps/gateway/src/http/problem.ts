import { HttpException } from '@nestjs/common';
import {
  type FieldError,
  isProblemCode,
  type ProblemCode,
  problems,
  type Quota,
} from '@offload/contracts/http';
import { AppError } from '@offload/platform';
import { isDatabaseAway } from '../database/is-database-away.js';

/** What is told of an error over HTTP; the filter adds what belongs to the request. */
export interface Problem {
  code: ProblemCode;
  status: number;
  title: string;
  detail: string;
  isRetryable: boolean;
  retryAfterS?: number | undefined;
  errors?: readonly FieldError[] | undefined;
  quota?: Quota | undefined;
  help?: string | undefined;
}

/**
 * The problem that any thrown value is to a client.
 *
 * An AppError whose code is one of the API's speaks for itself: its message is the detail, and
 * `details.retryAfterS`, `details.errors` and `details.quota` are passed on. Of anything unexpected nothing inner is told.
 */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof AppError && isProblemCode(thrown.code))
    return problemOf(thrown.code, thrown);
  if (thrown instanceof HttpException) return frameworkProblem(thrown);
  if (isDatabaseAway(thrown)) {
    return {
      ...kindOf('temporary_reduced_capacity'),
      detail:
        'The database cannot be reached or has no room at the moment. Nothing was accepted; try again.',
      retryAfterS: 5,
    };
  }
  return {
    ...kindOf('internal_error'),
    detail: 'Something unexpected happened. It has been logged under the id of this request.',
    help: 'Try again; if it stays, tell the operator the request id.',
  };
}

function problemOf(code: ProblemCode, error: AppError): Problem {
  const { retryAfterS, errors, quota } = error.details;
  return {
    ...kindOf(code),
    detail: error.message,
    retryAfterS: typeof retryAfterS === 'number' ? retryAfterS : undefined,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : undefined,
    quota: quota === undefined ? undefined : (quota as Quota),
    help: error.help,
  };
}

/** What Nest and Express raise by themselves: a route that does not exist, a path that cannot be decoded. */
function frameworkProblem(exception: HttpException): Problem {
  const isMissing = exception.getStatus() === 404;
  const code = isMissing ? 'not_found' : 'bad_request';
  return {
    ...kindOf(code),
    detail: isMissing ? exception.message.replace(/^Cannot /, 'There is no ') : exception.message,
    help: isMissing ? 'The routes are listed at /v1/docs.' : undefined,
  };
}

function kindOf(code: ProblemCode): Pick<Problem, 'code' | 'status' | 'title' | 'isRetryable'> {
  return { code, ...problems[code] };
}
