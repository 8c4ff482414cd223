import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { ProblemDetails } from '@offload/contracts/http';
import type { Request, Response } from 'express';
import { cutOffBody } from './cut-off-body.js';
import { type Problem, toProblem } from './problem.js';

/**
 * Answers every error as problem details (RFC 9457), the only place that does.
 *
 * It does not log: the error is put on the response, where the request's own log line takes it from.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (isHealthAnswer(request, thrown)) {
      response.status(thrown.getStatus()).json(thrown.getResponse());
      return;
    }
    const problem = toProblem(thrown);
    if (problem.status >= 500) response.err = asError(thrown);
    cutOffBody(request, response);
    answer(request, response, problem);
  }
}

function answer(request: Request, response: Response, problem: Problem): void {
  const { code, status, title, detail, isRetryable, retryAfterS, errors, quota, help } = problem;
  const requestId = requestIdOf(response);
  const body: ProblemDetails = {
    type: `urn:offload:problem:${code}`,
    title,
    status,
    detail,
    instance: request.path,
    code,
    request_id: requestId,
    retryable: isRetryable,
    ...(retryAfterS === undefined ? {} : { retry_after: retryAfterS }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(quota === undefined ? {} : { quota }),
    ...(help === undefined ? {} : { help }),
  };
  response.status(status);
  if (retryAfterS !== undefined) response.setHeader('Retry-After', String(retryAfterS));
  // RFC 9110, 15.5.2: a 401 "MUST send a WWW-Authenticate header field".
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="offload"');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(JSON.stringify(body));
}

/** A path that cannot be decoded fails before the logging module has named the request. */
function requestIdOf(response: Response): string {
  const given = response.getHeader('Request-Id');
  if (typeof given === 'string') return given;
  const requestId = randomUUID();
  response.setHeader('Request-Id', requestId);
  return requestId;
}

/** The readiness check has an answer of its own, which says what is away. */
function isHealthAnswer(request: Request, thrown: unknown): thrown is HttpException {
  return (
    request.path.startsWith('/health/') &&
    thrown instanceof HttpException &&
    thrown.getStatus() === 503
  );
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
