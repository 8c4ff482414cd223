import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { tusVersion } from '@offload/contracts/http';
import type { NextFunction, Request, Response } from 'express';
import { UnsupportedTusVersion } from './tus.errors.js';

/** Methods that nothing but tus has here, so they are nothing without its version. */
const onlyTus = new Set(['PATCH']);
const overridable = new Set(['PATCH', 'DELETE', 'HEAD']);

/**
 * Lets only the version of tus through that is spoken.
 *
 * Core: "The Tus-Resumable header MUST be included in every request and response except for OPTIONS
 * requests. […] If the version specified by the Client is not supported by the Server, it MUST respond with
 * the 412 Precondition Failed status and MUST include the Tus-Version header into the response."
 */
@Injectable()
export class TusGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { method, headers } = http.getRequest<Request>();
    if (method === 'OPTIONS') return true;
    const given = headers['tus-resumable']?.toString();
    if (given === tusVersion || (given === undefined && !onlyTus.has(method))) return true;
    http.getResponse<Response>().setHeader('Tus-Version', tusVersion);
    throw new UnsupportedTusVersion(given);
  }
}

/** Whether a request speaks tus. */
export function isTus({ headers }: Pick<Request, 'headers'>): boolean {
  return headers['tus-resumable'] !== undefined;
}

/**
 * What has to happen before the route is known: the method may be another one, and the version is in every
 * answer, also in one that says that the key is wrong.
 *
 * Core: X-HTTP-Method-Override "MUST be interpreted as the request's method by the Server, if the header is
 * presented. The actual method of the request MUST be ignored."
 */
export function speakTus(request: Request, response: Response, next: NextFunction): void {
  if (isTus(request)) {
    response.setHeader('Tus-Resumable', tusVersion);
    const override = request.header('x-http-method-override')?.toUpperCase();
    if (request.method === 'POST' && override !== undefined && overridable.has(override)) {
      request.method = override;
    }
  }
  next();
}
