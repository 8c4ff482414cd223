import type { NextFunction, Request, Response } from 'express';
import { onceItStreams } from '../http/began-to-stream.js';
import { routeOf } from '../http/route-of.js';
import type { Span, SpanAttributes } from './tracer.js';
import { fieldsOf, isTracing, openSpan } from './tracing.js';
import { parseTraceparent } from './traceparent.js';

/** The step that a request is, for whoever answers it. */
const spans = new WeakMap<object, Span>();

/**
 * Makes a step of every request, with the client's own trace around it where it sent a `traceparent`. The
 * health checks and the metrics are none. Belongs before every other middleware.
 *
 * While traces are recorded the answer names its own in `traceresponse` (W3C Trace Context, level 2).
 */
export function traceRequests(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith('/health/') || request.path === '/metrics') return next();
  const { traceparent } = request.headers;
  const span = openSpan(request.method, {
    kind: 'server',
    parent: typeof traceparent === 'string' ? traceparent : undefined,
    attributes: () => attributesOf(request),
  });
  if (span.traceparent === undefined) return next();
  spans.set(response, span);
  if (isTracing()) {
    response.setHeader('traceresponse', span.traceparent);
    const end = (): void => endRequestSpan(response, span);
    response.once('close', end);
    onceItStreams(response, () => {
      response.off('close', end);
      end();
    });
  }
  span.run(next);
}

/** A stream of events ends its step as it begins, though it may go on for hours. */
function endRequestSpan(response: Response, span: Span): void {
  const { req: request } = response;
  const route = routeOf(request);
  if (route !== undefined) span.rename(`${request.method} ${route}`);
  span.set({
    'http.route': route,
    'http.response.status_code': response.headersSent ? response.statusCode : undefined,
  });
  if (response.err) span.fail(response.err);
  else if (!response.headersSent) span.set({ 'error.type': 'aborted' });
  span.end();
}

/** For the log line of a request, which is written when nothing tells any more what was at work. */
export function traceFieldsOf(response: object): { trace_id?: string; span_id?: string } {
  return fieldsOf(parseTraceparent(spans.get(response)?.traceparent));
}

/** Without the query, which may hold a ticket. */
function attributesOf(request: Request): SpanAttributes {
  return {
    'http.request.method': request.method,
    'url.path': request.path,
    'url.scheme': request.protocol,
    'user_agent.original': request.headers['user-agent'],
    'network.protocol.version': request.httpVersion,
  };
}
