import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { traceFieldsOf } from '../telemetry/trace-requests.js';
import { traceFields } from '../telemetry/tracing.js';

/**
 * JSON log lines with the service's name: one per request, one per delivery.
 *
 * Every request has an id: the client's own `X-Request-Id` where it is sane, else a fresh one. It is
 * also the correlation id of every message the request causes. Keys and cookies are not logged. Where the
 * work at hand belongs to a trace, its lines say to which.
 */
export function loggingModule(service: string, level: string): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level,
      base: { service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'message',
      mixin: traceFields,
      genReqId: requestId,
      customProps: (request) => ({ event: 'request', correlationId: request.id }),
      customAttributeKeys: { responseTime: 'durationMs' },
      customSuccessObject: withTrace,
      customErrorObject: (request, response, _error, line: object) =>
        withTrace(request, response, line),
      redact: ['req.headers.authorization', 'req.headers.cookie'],
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({
          method,
          url: withoutTicket(url),
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
      autoLogging: { ignore: ({ url = '' }) => url.startsWith('/health/') || url === '/metrics' },
      customLogLevel: (_request, response, error) => {
        if (error ?? response.statusCode >= 500) return 'error';
        return response.statusCode >= 400 ? 'warn' : 'info';
      },
    },
  });
}

/** The line of a request is written when its connection says that it has ended, which is part of no request. */
function withTrace(_request: unknown, response: object, line: object): object {
  return { ...line, ...traceFieldsOf(response) };
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
  response.setHeader('Request-Id', id);
  return id;
}

/** A ticket opens a stream to whoever has it, so it does not belong into logs. */
function withoutTicket(url: string): string {
  return url.replace(/([?&]ticket=)[^&]*/, '$1***');
}
