import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MetricsRegistry } from './metrics-registry.js';
import { httpDuration, httpInFlight, knownMethods } from './platform.metrics.js';

const streaming = Symbol('streaming');

/**
 * Tells that the first byte of an answer without an end has gone out. Its time is measured to here, and it
 * is not in flight any more. Call it once, when the headers are out.
 */
export function beganToStream(response: EventEmitter): void {
  response.emit(streaming);
}

/**
 * Counts and times every HTTP request of the service: rate, errors and durations.
 *
 * It listens to the server itself, before any middleware, so that it also sees what no route answers. The
 * route is looked up when the answer is out, because the router knows it only then.
 */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  private inFlight = 0;
  private readonly durations;

  constructor(
    registry: MetricsRegistry,
    private readonly host: HttpAdapterHost,
  ) {
    this.durations = registry.histogram(httpDuration);
    registry.gauge(httpInFlight, (set) => set(this.inFlight));
  }

  onModuleInit(): void {
    const server: Server | undefined = this.host.httpAdapter?.getHttpServer();
    server?.prependListener('request', (request, response) => this.watch(request, response));
  }

  private watch(request: IncomingMessage, response: ServerResponse): void {
    const startedAt = performance.now();
    let isOver = false;
    this.inFlight += 1;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.inFlight -= 1;
      const labels = {
        method: methodOf(request),
        route: routeOf(request),
        status: response.headersSent ? String(response.statusCode) : clientHasGone,
      };
      this.durations.observe(labels, (performance.now() - startedAt) / 1000);
    };
    response.once('close', end);
    response.once(streaming, end);
  }
}

/** As nginx writes it, who has the custom from: no standard has a code for it. */
const clientHasGone = '499';

const methods = new Set(knownMethods);

function methodOf({ method = '' }: IncomingMessage): string {
  return methods.has(method) ? method : 'other';
}

/**
 * The template of the route that answered, as OpenAPI writes it. What nobody answers must not be a label:
 * who asks for a million paths would make a million of them.
 */
function routeOf(request: IncomingMessage & { route?: { path?: unknown } }): string {
  const path = request.route?.path;
  if (typeof path !== 'string' || path.includes('*')) return 'unmatched';
  return path.replaceAll(/:(\w+)/g, '{$1}');
}
