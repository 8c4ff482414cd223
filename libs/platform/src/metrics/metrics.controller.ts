import { Controller, Get, Header } from '@nestjs/common';
import { MetricsRegistry } from './metrics-registry.js';

/** What the process counts, for Prometheus. Public like the health checks: keep the port inside. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
