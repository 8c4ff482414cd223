import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onceItStreams } from '../http/began-to-stream.js';
import { routeOf } from '../http/route-of.js';
import { MetricsRegistry } from './metrics-registry.js';
import { httpDuration, httpInFlight, knownMethods } from './platform.metrics.js';

/**
 * Counts and times every HTTP request of the service: rate, errors and durations.
 *
 * It listens to the server itself, before any middleware, so that it also sees what no route answers: who asks for
 * a million paths that do not exist makes one label of them. An answer that streams is timed to its first byte.
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
        route: routeOf(request) ?? 'unmatched',
        status: response.headersSent ? String(response.statusCode) : clientHasGone,
      };
      this.durations.observe(labels, (performance.now() - startedAt) / 1000);
    };
    response.once('close', end);
    onceItStreams(response, end);
  }
}

/** As nginx writes it, who has the custom from: no standard has a code for it. */
const clientHasGone = '499';

const methods = new Set(knownMethods);

function methodOf({ method = '' }: IncomingMessage): string {
  return methods.has(method) ? method : 'other';
}
