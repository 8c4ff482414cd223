import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { healthUp } from '../metrics/platform.metrics.js';
import { LookAtHealth } from './look-at-health.js';

/**
 * Shows at /metrics what the readiness check finds. What is told in words and makes nobody unready, such as a
 * broker that is away while the outbox keeps what is accepted, is 0 here all the same: an alert wants to know.
 */
@Injectable()
export class HealthGauge {
  constructor(registry: MetricsRegistry, health: LookAtHealth) {
    registry.gauge(healthUp, async (set) => {
      for (const { name, isUp, reason } of await health.look()) {
        set(isUp && reason === undefined ? 1 : 0, { check: name });
      }
    });
  }
}
