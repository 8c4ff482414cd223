import { Global, Module } from '@nestjs/common';
import { version } from '../version/version.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { MetricsController } from './metrics.controller.js';
import { buildInfo } from './platform.metrics.js';

/** Serves GET /metrics, counts requests, and gives the registry to whoever has something to count. */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, HttpMetrics],
  exports: [MetricsRegistry],
})
export class MetricsModule {
  constructor(registry: MetricsRegistry) {
    registry.gauge(buildInfo, (set) => set(1, { version }));
  }
}
